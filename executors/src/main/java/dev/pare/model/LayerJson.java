package dev.pare.model;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * DL4J's JSON of layers, from outside. DL4J makes objects of whatever classes JSON names; so it is
 * given only layers and activations that {@link KnownLayers} lists, and of these only the fields
 * that decide what is computed. What concerns training alone is left out; any other field is
 * refused by name.
 */
final class LayerJson {
  private static final String FROZEN = "org.deeplearning4j.nn.conf.layers.misc.FrozenLayer";
  private static final String FROZEN_WITH_BACKPROP = FROZEN + "WithBackprop";
  private static final String WEIGHT_NOISE = "weightNoise";

  private LayerJson() {}

  /**
   * A layer.
   *
   * @throws IllegalArgumentException naming what is not known
   */
  static Layer layer(String json) {
    return layer("its configuration", Dl4jJson.parsed(json.getBytes(StandardCharsets.UTF_8)));
  }

  /** A layer's JSON in its shortest form: what it computes, without defaults. */
  static String of(Layer layer) {
    try {
      return Dl4jJson.PLAIN.writeValueAsString(withoutDefaults(layer));
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Whether a layer has channels before height and width, as far as it has a choice. */
  static boolean isChannelsFirst(Layer layer) {
    ObjectNode all = effective(layer);
    return Stream.of("cnn2dDataFormat", "dataFormat", "format")
        .allMatch(name -> !all.has(name) || all.get(name).asText().equals("NCHW"));
  }

  /**
   * The layer of a configuration in a network.
   *
   * @throws IllegalArgumentException naming what is not known
   */
  static Layer ofNetwork(String place, JsonNode configuration) {
    Dl4jJson.checkFields(place, configuration, Dl4jJson.CONFIGURATION_FIELDS);
    Layer layer = layer(place, configuration.path("layer"));
    boolean frozen = !layer.getClass().getName().equals(type(configuration.path("layer")));
    if (layer instanceof BatchNormalization normalization && !frozen) {
      checkVariances(place, configuration, normalization);
    }
    return layer;
  }

  /** By the names of its parameters DL4J decides what the last of them are, whatever is set. */
  private static void checkVariances(
      String place, JsonNode configuration, BatchNormalization normalization) {
    boolean named = false;
    for (JsonNode variable : configuration.path("variables")) {
      named |= variable.asText().equals(BatchNormalizationParamInitializer.GLOBAL_VAR);
    }
    if (named == normalization.isUseLogStd()) {
      throw new IllegalArgumentException(
          "%s: useLogStd = %s does not fit variables = %s, by which DL4J goes"
              .formatted(
                  named(place, BatchNormalization.class),
                  normalization.isUseLogStd(),
                  Dl4jJson.shown(configuration.path("variables").toString())));
    }
  }

  static Layer layer(String place, JsonNode json) {
    ObjectNode reduced = reduced(place, json);
    try {
      Layer layer = NeuralNetConfiguration.mapper().treeToValue(reduced, Layer.class);
      // Once more, with the defaults of fields that were not there.
      LayerRanges.check(place, effective(layer));
      if (layer instanceof OutputLayer output) {
        output.setLossFn(new LossMCXENT());
      }
      return layer;
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          place + ": " + Dl4jJson.shown(String.valueOf(e.getMessage())), e);
    }
  }

  private static String type(JsonNode json) {
    return json.path(Dl4jJson.TYPE).asText("");
  }

  /** The layer with nothing but what decides its outputs; of a frozen one, the layer inside. */
  private static ObjectNode reduced(String place, JsonNode json) {
    String type = type(json);
    if (type.equals(FROZEN)) {
      return inside(place, json, "layer");
    }
    if (type.equals(FROZEN_WITH_BACKPROP)) {
      return inside(place, json, KnownLayers.UNDERLYING);
    }
    KnownLayers.Known known = KnownLayers.layer(type);
    if (known == null) {
      throw new IllegalArgumentException(
          place
              + (type.isEmpty()
                  ? ": names no class"
                  : ": " + Dl4jJson.shown(type) + " is not supported"));
    }
    place = named(place, known.type());
    ObjectNode reduced = Dl4jJson.PLAIN.createObjectNode().put(Dl4jJson.TYPE, type);
    Set<String> unused = KnownLayers.unused(known);
    Iterator<Map.Entry<String, JsonNode>> fields = json.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (name.equals(WEIGHT_NOISE)) {
        checkNoise(place, value);
      } else if (!known.fields().contains(name)) {
        if (!name.equals(Dl4jJson.TYPE)
            && !KnownLayers.isOfTraining(name)
            && !unused.contains(name)) {
          throw new IllegalArgumentException(
              place + ": Pare does not know what " + Dl4jJson.shown(name) + " does");
        }
      } else if (value.isObject()) {
        reduced.set(
            name,
            name.equals(KnownLayers.UNDERLYING)
                ? reduced(place, value)
                : function(place, name, value));
      } else if (isPlain(value) || value.isNull()) {
        // What is null is no default to DL4J: of a number, it is 0.
        reduced.set(name, value);
      } else {
        throw new IllegalArgumentException(place + ": " + name + " is neither number nor name");
      }
    }
    return reduced;
  }

  /** The layer in a wrapper that concerns training alone. */
  private static ObjectNode inside(String place, JsonNode wrapper, String field) {
    Dl4jJson.checkFields(place, wrapper, KnownLayers.ofTrainingWith(Dl4jJson.TYPE, field));
    return reduced(place, wrapper.path(field));
  }

  /** DL4J leaves weights alone outside of training, but adds noise to biases there, too. */
  private static void checkNoise(String place, JsonNode noise) {
    if (noise.isNull()) {
      return;
    }
    String type = noise.path(Dl4jJson.TYPE).asText("");
    if (!KnownLayers.isNoise(type)) {
      throw new IllegalArgumentException(
          place + ": " + WEIGHT_NOISE + " = " + Dl4jJson.shown(type) + " is not supported");
    }
    for (String ofBiases : List.of("applyToBias", "applyToBiases")) {
      if (noise.path(ofBiases).asBoolean()) {
        throw new IllegalArgumentException(
            place + ": " + WEIGHT_NOISE + " with " + ofBiases + " is not supported");
      }
    }
  }

  private static boolean isPlain(JsonNode value) {
    if (!value.isArray()) {
      return value.isNumber() || value.isBoolean() || value.isTextual();
    }
    for (JsonNode element : value) {
      if (!element.isInt()) {
        return false;
      }
    }
    return value.size() <= 8;
  }

  private static ObjectNode function(String place, String name, JsonNode json) {
    String type = type(json);
    if (!KnownLayers.isFunction(type)) {
      throw new IllegalArgumentException(
          place + ": " + name + " = " + Dl4jJson.shown(type) + " is not supported");
    }
    ObjectNode reduced = Dl4jJson.PLAIN.createObjectNode().put(Dl4jJson.TYPE, type);
    Iterator<Map.Entry<String, JsonNode>> fields = json.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode value = field.getValue();
      if (value.isBoolean()
          || value.isNull()
          || value.isNumber() && Double.isFinite(value.asDouble())) {
        reduced.set(field.getKey(), value);
      } else if (!field.getKey().equals(Dl4jJson.TYPE)) {
        throw new IllegalArgumentException(
            place + ": " + name + "." + Dl4jJson.shown(field.getKey()) + " must be a number");
      }
    }
    return reduced;
  }

  /** All that decides the layer's outputs, defaults included. */
  private static ObjectNode effective(Layer layer) {
    ObjectNode all = NeuralNetConfiguration.mapper().valueToTree(layer);
    Set<String> fields =
        new HashSet<>(requireNonNull(KnownLayers.layer(layer.getClass().getName())).fields());
    fields.add(Dl4jJson.TYPE);
    all.retain(fields);
    if (layer instanceof LastTimeStep last) {
      all.set(KnownLayers.UNDERLYING, effective(last.getUnderlying()));
    }
    return all;
  }

  private static ObjectNode withoutDefaults(Layer layer) throws IOException {
    ObjectNode all = effective(layer);
    if (!(layer instanceof LastTimeStep)) {
      ObjectNode type =
          Dl4jJson.PLAIN.createObjectNode().put(Dl4jJson.TYPE, layer.getClass().getName());
      ObjectNode defaults =
          effective(NeuralNetConfiguration.mapper().treeToValue(type, Layer.class));
      defaults.remove(Dl4jJson.TYPE);
      defaults
          .fields()
          .forEachRemaining(
              field -> {
                if (field.getValue().equals(all.get(field.getKey()))) {
                  all.remove(field.getKey());
                }
              });
    }
    JsonNode function = all.get(KnownLayers.FUNCTION);
    if (function instanceof ObjectNode fields) {
      List<String> empty = new ArrayList<>();
      fields
          .fields()
          .forEachRemaining(
              field -> {
                if (field.getValue().isNull()) {
                  empty.add(field.getKey());
                }
              });
      fields.remove(empty);
    }
    return all;
  }

  static String named(String place, Class<?> type) {
    return place.endsWith(")") ? place : place + " (" + type.getSimpleName() + ")";
  }
}
