package dev.pare.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

/** What is set of a layer of Keras, of which all must be read by what translates it. */
final class KerasSettings {
  private static final int MOST_SIDE = 4096;

  /** What outputs do not depend on, once a layer is trained. */
  private static final Set<String> UNUSED =
      Set.of(
          "activity_regularizer",
          "batch_input_shape",
          "dtype",
          "implementation",
          "l1",
          "l2",
          "momentum",
          "name",
          "noise_shape",
          "rate",
          "seed",
          "stddev",
          "trainable",
          "unroll");

  private final JsonNode config;
  private final JsonNode keywords;
  private final Set<String> read = new HashSet<>();

  /**
   * @param keywords what the layer is called with, beside what it reads
   */
  KerasSettings(JsonNode config, JsonNode keywords) {
    this.config = config;
    this.keywords = keywords;
  }

  /**
   * A layer within a layer.
   *
   * @param type name of its class
   */
  record Inner(String type, JsonNode config) {
    KerasSettings settings() {
      return new KerasSettings(config, MissingNode.getInstance());
    }
  }

  /** The layer that a setting is. */
  Inner inner(String name) {
    JsonNode layer = setting(name);
    return new Inner(layer.path("class_name").asText(), layer.path("config"));
  }

  /**
   * Checks that all that is set is known.
   *
   * @throws OnnxException if something is not
   */
  void checkAll() {
    keywords
        .fields()
        .forEachRemaining(
            keyword -> {
              String name = keyword.getKey();
              JsonNode value = keyword.getValue();
              boolean inference =
                  name.equals("training") && value.isBoolean() && !value.asBoolean();
              if (!inference && !value.isNull() && !read.contains(name)) {
                throw new OnnxException(
                    "called with %s = %s, which is not supported"
                        .formatted(
                            OnnxException.shown(name), OnnxException.shown(value.toString())));
              }
            });
    Iterator<String> names = config.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      boolean ofTraining =
          UNUSED.contains(name)
              || name.endsWith("_initializer")
              || name.endsWith("_regularizer")
              || name.endsWith("_constraint");
      if (!ofTraining && !read.contains(name)) {
        throw new OnnxException("Pare does not know what " + OnnxException.shown(name) + " does");
      }
    }
  }

  JsonNode setting(String name) {
    read.add(name);
    return config.path(name);
  }

  JsonNode keyword(String name) {
    read.add(name);
    return keywords.path(name);
  }

  /** A whole number, which may be the only one of a list. */
  int only(String name, int otherwise) {
    JsonNode found = setting(name);
    JsonNode one = found.isArray() && found.size() == 1 ? found.get(0) : found;
    return one.isMissingNode() || one.isNull() ? otherwise : within(name, one, -8, 8);
  }

  /** A setting that has one value only, and another where versions of Keras do not have it. */
  void must(String name, String value) {
    if (setting(name).isMissingNode() || setting(name).isNull()) {
      throw new OnnxException(
          name + " is not set, and versions of Keras differ in what it is then");
    }
    is(name, value);
  }

  /** A setting that has one value only, if it is set. */
  void is(String name, String value) {
    JsonNode found = setting(name);
    if (!found.isMissingNode() && !found.isNull() && !found.asText().equals(value)) {
      throw new OnnxException(
          "%s = %s: must be %s".formatted(name, OnnxException.shown(found.toString()), value));
    }
  }

  boolean flag(String name, boolean otherwise) {
    return setting(name).asBoolean(otherwise);
  }

  float number(String name, double otherwise) {
    JsonNode found = setting(name);
    if (!found.isMissingNode() && !(found.isNumber() && Float.isFinite(found.floatValue()))) {
      throw new OnnxException(
          name + " = " + OnnxException.shown(found.toString()) + ": must be a number");
    }
    return (float) found.asDouble(otherwise);
  }

  int whole(String name, int otherwise, int least, int most) {
    JsonNode found = setting(name);
    return found.isMissingNode() ? otherwise : within(name, found, least, most);
  }

  static int within(String name, JsonNode value, int least, int most) {
    if (!value.isInt() || value.asInt() < least || value.asInt() > most) {
      throw new OnnxException(
          "%s = %s: must be %d to %d"
              .formatted(name, OnnxException.shown(value.toString()), least, most));
    }
    return value.asInt();
  }

  int[] list(String name, int least) {
    JsonNode found = setting(name);
    if (!found.isArray() || found.isEmpty() || found.size() > 3) {
      throw new OnnxException(
          name + " = " + OnnxException.shown(found.toString()) + ": must be 1 to 3 sides");
    }
    int[] all = new int[found.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = within(name, found.get(i), least, 1 << 28);
    }
    return all;
  }

  /** A number for each side, or one for all; Keras's own where none is set. */
  int[] sides(String name, int count, int otherwise) {
    if (setting(name).isMissingNode()) {
      int[] sides = new int[count];
      Arrays.fill(sides, otherwise);
      return sides;
    }
    return sides(name, count);
  }

  /** A number for each side, or one for all, which must be there. */
  int[] sides(String name, int count) {
    JsonNode found = setting(name);
    int[] sides = new int[count];
    if (found.isArray() && found.size() != count) {
      throw new OnnxException(name + ": must have " + count + " sides");
    }
    for (int i = 0; i < count; i++) {
      sides[i] = within(name, found.isArray() ? found.get(i) : found, 1, MOST_SIDE);
    }
    return sides;
  }
}
