package dev.pare.export;

import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where a layer stands.
 *
 * @param index of the layer
 * @param inputs what it reads
 */
record Place(
    OnnxModel model, Weights weights, Architecture architecture, int index, List<Value> inputs) {
  /** The first of what it reads, in whatever layout. */
  Value input() {
    return inputs.get(0);
  }

  /** The first of what it reads, as an image. */
  Value image() {
    return model.image(input());
  }

  /** Shape of what the layer makes. */
  Shape shape() {
    return architecture.outputShape(index);
  }

  /** What a node makes whose output is an image. */
  Value imageOf(String operator, Map<String, ?> attributes, String... read) {
    return new Value(model.node(operator, attributes, read), shape(), false);
  }

  /** What a node makes whose output is a vector. */
  Value vectorOf(String operator, Map<String, ?> attributes, String... read) {
    return new Value(model.node(operator, attributes, read), shape(), true);
  }

  /** What a node makes of the input in the input's layout. */
  Value likeInput(String operator, Map<String, ?> attributes, String... others) {
    String[] read = new String[others.length + 1];
    read[0] = input().name();
    System.arraycopy(others, 0, read, 1, others.length);
    return input().named(model.node(operator, attributes, read));
  }

  /** All values of one of the layer's parameters. */
  float[] values(String parameter) {
    return weights.values(tensor(parameter).orElseThrow());
  }

  /** A vector of the layer's parameters. */
  String vector(String parameter) {
    float[] values = values(parameter);
    return model.floats(parameter, new int[] {values.length}, values);
  }

  /** A weight in the form that the model's weights have, rows as they are. */
  String weight(String parameter, int... dims) {
    return weight(parameter, Rows.SAME, dims);
  }

  /**
   * A weight in the form that the model's weights have; one that is held as a product of matrices
   * stays one.
   *
   * @param order which of the layer's rows each row is
   * @param dims of the weight, its rows coming first, but for sides of 1
   */
  String weight(String parameter, Rows order, int... dims) {
    Optional<ParameterTensor> whole = tensor(parameter);
    if (whole.isPresent()) {
      return weights.add(model, whole.get(), order, dims);
    }
    ParameterTensor left = tensor(parameter + ".U").orElseThrow();
    ParameterTensor right = tensor(parameter + ".V").orElseThrow();
    int[] sides = {left.rows(), right.columns()};
    String product =
        model.node(
            "MatMul",
            Map.of(),
            weights.add(model, left, order, left.rows(), left.columns()),
            weights.add(model, right, Rows.SAME, right.rows(), right.columns()));
    Optional<ParameterTensor> rest = tensor(parameter + ".S");
    if (rest.isPresent()) {
      product = model.node("Add", Map.of(), product, weights.add(model, rest.get(), order, sides));
    }
    return Arrays.equals(sides, dims)
        ? product
        : model.node(
            "Reshape",
            Map.of(),
            product,
            model.vector("sides", IntStream.of(dims).asLongStream().toArray()));
  }

  private Optional<ParameterTensor> tensor(String parameter) {
    return architecture.tensors(index).stream()
        .filter(tensor -> tensor.parameter().name().equals(parameter))
        .findFirst();
  }
}
