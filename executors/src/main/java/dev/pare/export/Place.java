package dev.pare.export;

import dev.pare.codec.LevelMatrix;
import dev.pare.export.Matrix.Layout;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Shape;
import dev.pare.kernel.IntegerLayer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import onnx.Onnx.TensorProto;

/**
 * Where a layer stands.
 *
 * @param index of the layer
 * @param inputs what it reads
 * @param integers of the layer if it is computed in integers
 */
record Place(
    OnnxModel model,
    Weights weights,
    Architecture architecture,
    int index,
    List<Value> inputs,
    Optional<IntegerLayer> integers) {
  private static final int ZERO_POINT = 128;

  /** The largest bias as an integer: half of the room, so that sums of products do not overflow. */
  private static final int MOST_BIAS = 1 << 30;

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

  /**
   * A weight to whose products with what is read a bias is added: where both are quantized, its
   * rows have steps by which their biases are integers of 32 bits, as ONNX Runtime makes them.
   *
   * @param read name of what it is multiplied by
   */
  String weight(String parameter, String bias, String read, int... dims) {
    OptionalDouble step = model.step(read);
    Optional<ParameterTensor> whole = tensor(parameter);
    if (step.isEmpty() || whole.isEmpty()) {
      return weight(parameter, dims);
    }
    float[] least = values(bias);
    for (int i = 0; i < least.length; i++) {
      least[i] = (float) (Math.abs(least[i]) / (step.getAsDouble() * MOST_BIAS));
    }
    return weights.add(model, whole.get(), least, dims);
  }

  /**
   * A bias: integers of 32 bits where what is read and the weight are quantized, as their products
   * are then.
   *
   * @param read name of what is multiplied by the weight
   */
  String bias(String parameter, String read, String weight) {
    OptionalDouble step = model.step(read);
    Optional<float[]> steps = model.steps(weight);
    if (step.isEmpty() || steps.isEmpty()) {
      return vector(parameter);
    }
    float[] values = values(parameter);
    float[] scales = new float[values.length];
    ByteBuffer levels = OnnxModel.bytes(values.length * Integer.BYTES);
    for (int i = 0; i < values.length; i++) {
      scales[i] = Math.max((float) step.getAsDouble() * steps.get()[i], Float.MIN_NORMAL);
      levels.putInt((int) Math.rint((double) values[i] / scales[i]));
    }
    int[] sides = {values.length};
    String whole =
        model.constant(
            OnnxModel.tensor(
                model.unused(parameter), TensorProto.DataType.INT32, sides, levels.array()));
    return model.node(
        "DequantizeLinear",
        Map.of("axis", 0),
        whole,
        model.floats(parameter + "_scale", sides, scales));
  }

  /** What a layer in integers reads: levels, and what makes numbers of them. */
  Value levels(Value read, IntegerLayer layer) {
    return model.step(read.name()).isPresent() ? read : model.quantized(read, layer.input());
  }

  /**
   * The weights of a layer in integers, exactly: from 1 to 255 with 128 as the zero point, since
   * ONNX Runtime's sums of unsigned bytes times signed ones may saturate on x86.
   */
  String weight(IntegerLayer layer, int... dims) {
    LevelMatrix levels = layer.levels();
    byte[] bytes = new byte[levels.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (levels.at(i) + ZERO_POINT);
    }
    int[] rows = {levels.rows()};
    byte[] zeros = new byte[levels.rows()];
    Arrays.fill(zeros, (byte) ZERO_POINT);
    return model.node(
        "DequantizeLinear",
        Map.of("axis", 0),
        tensor("W", TensorProto.DataType.UINT8, dims, bytes),
        model.floats("W_scale", rows, layer.steps()),
        tensor("W_zero_point", TensorProto.DataType.UINT8, rows, zeros));
  }

  /** The biases of a layer in integers. */
  String bias(IntegerLayer layer) {
    int[] rows = {layer.biases().length};
    ByteBuffer bytes = OnnxModel.bytes(rows[0] * Integer.BYTES);
    float[] scales = layer.steps().clone();
    for (int row = 0; row < rows[0]; row++) {
      bytes.putInt(layer.biases()[row]);
      scales[row] = Math.max(scales[row] * layer.input().scale(), Float.MIN_NORMAL);
    }
    return model.node(
        "DequantizeLinear",
        Map.of("axis", 0),
        tensor("b", TensorProto.DataType.INT32, rows, bytes.array()),
        model.floats("b_scale", rows, scales));
  }

  private String tensor(String name, TensorProto.DataType type, int[] dims, byte[] bytes) {
    return model.constant(OnnxModel.tensor(model.unused(name), type, dims, bytes));
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
      return weights.add(model, whole.get(), order, Layout.ROWS, dims);
    }
    int[] sides = {side(parameter, ".U").rows(), side(parameter, ".V").columns()};
    String product = product(parameter, order);
    return Arrays.equals(sides, dims)
        ? product
        : model.node(
            "Reshape",
            Map.of(),
            product,
            model.vector("sides", IntStream.of(dims).asLongStream().toArray()));
  }

  /** A weight whose rows and columns have changed places. */
  String transposed(String parameter, int rows, int columns) {
    Optional<ParameterTensor> whole = tensor(parameter);
    return whole.isPresent()
        ? weights.add(model, whole.get(), Rows.SAME, Layout.COLUMNS, columns, rows)
        : model.node("Transpose", Map.of("perm", new int[] {1, 0}), product(parameter, Rows.SAME));
  }

  private String product(String parameter, Rows order) {
    String left = part(side(parameter, ".U"), order);
    String product = model.node("MatMul", Map.of(), left, part(side(parameter, ".V"), Rows.SAME));
    return tensor(parameter + ".S")
        .map(rest -> model.node("Add", Map.of(), product, part(rest, order)))
        .orElse(product);
  }

  private String part(ParameterTensor tensor, Rows order) {
    return weights.add(model, tensor, order, Layout.ROWS, tensor.rows(), tensor.columns());
  }

  private ParameterTensor side(String parameter, String suffix) {
    return tensor(parameter + suffix).orElseThrow();
  }

  private Optional<ParameterTensor> tensor(String parameter) {
    return architecture.tensors(index).stream()
        .filter(tensor -> tensor.parameter().name().equals(parameter))
        .findFirst();
  }
}
