package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An operator at its place in a graph.
 *
 * @param name for messages: the file's, or that of its first output
 * @param operator of the default domain
 * @param inputs names of values; empty for one that is left out
 * @param outputs names of values; empty for one that nobody reads
 */
record OnnxNode(
    String name,
    String operator,
    List<String> inputs,
    List<String> outputs,
    Map<String, Attribute> attributes) {
  OnnxNode {
    requireNonNull(name, "name is null");
    requireNonNull(operator, "operator is null");
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Map.copyOf(attributes);
  }

  /** An exception whose message begins with this node's name and operator. */
  OnnxException failure(String problem) {
    return failure(problem, null);
  }

  OnnxException failure(String problem, @org.jspecify.annotations.Nullable Throwable cause) {
    return new OnnxException(
        "node %s (%s): %s"
            .formatted(OnnxException.shown(name), OnnxException.shown(operator), problem),
        cause);
  }

  long whole(String attribute, long otherwise) {
    return of(attribute, Attribute.Whole.class).map(Attribute.Whole::value).orElse(otherwise);
  }

  float number(String attribute, float otherwise) {
    return of(attribute, Attribute.Real.class).map(Attribute.Real::value).orElse(otherwise);
  }

  String text(String attribute, String otherwise) {
    return of(attribute, Attribute.Text.class).map(Attribute.Text::value).orElse(otherwise);
  }

  Optional<List<Long>> wholes(String attribute) {
    return of(attribute, Attribute.Wholes.class).map(Attribute.Wholes::values);
  }

  Optional<List<Float>> numbers(String attribute) {
    return of(attribute, Attribute.Reals.class).map(Attribute.Reals::values);
  }

  Optional<List<String>> texts(String attribute) {
    return of(attribute, Attribute.Texts.class).map(Attribute.Texts::values);
  }

  Optional<Tensor> tensor(String attribute) {
    return of(attribute, Attribute.Constant.class).map(Attribute.Constant::value);
  }

  private <A extends Attribute> Optional<A> of(String attribute, Class<A> type) {
    Attribute found = attributes.get(attribute);
    if (found == null) {
      return Optional.empty();
    }
    if (!type.isInstance(found)) {
      throw new OnnxException(
          "attribute %s is no %s"
              .formatted(attribute, type.getSimpleName().toLowerCase(java.util.Locale.ROOT)));
    }
    return Optional.of(type.cast(found));
  }
}
