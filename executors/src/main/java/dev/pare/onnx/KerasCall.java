package dev.pare.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pare.onnx.KerasModel.Value;
import dev.pare.onnx.KerasModel.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A layer of Keras with what it reads, and the ONNX model that it becomes a part of. */
final class KerasCall {
  private final ModelBuilder onnx;
  private final KerasVersion version;
  private final KerasSettings settings;
  private final List<Weights> weights;
  private final List<Value> inputs;
  private final Function<JsonNode, Value> made;
  private int used;

  /**
   * @param made what another layer makes, by how a layer names it that reads it
   */
  KerasCall(
      ModelBuilder onnx,
      KerasVersion version,
      KerasSettings settings,
      List<Weights> weights,
      List<Value> inputs,
      Function<JsonNode, Value> made) {
    this.onnx = onnx;
    this.version = version;
    this.settings = settings;
    this.weights = weights;
    this.inputs = inputs;
    this.made = made;
  }

  /** A layer within this one, with some of its tensors. */
  KerasCall within(KerasSettings inner, List<Weights> some) {
    used += some.size();
    return new KerasCall(onnx, version, inner, some, inputs, made);
  }

  ModelBuilder onnx() {
    return onnx;
  }

  KerasVersion version() {
    return version;
  }

  KerasSettings settings() {
    return settings;
  }

  List<Weights> weights() {
    return weights;
  }

  List<Value> inputs() {
    return inputs;
  }

  /**
   * The only input.
   *
   * @throws OnnxException if there are several
   */
  Value input() {
    if (inputs.size() != 1) {
      throw new OnnxException("reads %d values: must be one".formatted(inputs.size()));
    }
    return inputs.get(0);
  }

  /**
   * The only input, which has so many sides beside channels.
   *
   * @throws OnnxException if it has not
   */
  Value input(int sides) {
    Value in = input();
    if (in.dims().length != sides + 1) {
      throw new OnnxException(
          "reads %s: must have %d sides and channels".formatted(Arrays.toString(in.dims()), sides));
    }
    return in;
  }

  /** What the layer reads by a name of its own. */
  Value keyword(String name) {
    return made.apply(settings.keyword(name));
  }

  /**
   * The next tensor of the layer: Keras goes by their order, in which they must be asked for.
   *
   * @param name the end of its path
   * @throws OnnxException if it has another name, or is of other sides
   */
  float[] tensor(String name, int... dims) {
    if (used == weights.size()) {
      throw new OnnxException("has no tensor " + name);
    }
    Weights next = weights.get(used++);
    String path = "/" + next.name().replaceFirst(":[0-9]*$", "");
    if (!path.endsWith("/" + name)) {
      throw new OnnxException(
          "tensor %d is %s, must be %s; Keras loads them by their order, whatever they are called"
              .formatted(used, OnnxException.shown(next.name()), name));
    }
    if (!Arrays.equals(next.dims(), dims)) {
      throw new OnnxException(
          "%s is of %s, must be of %s"
              .formatted(name, Arrays.toString(next.dims()), Arrays.toString(dims)));
    }
    return next.values();
  }

  /** The biases of so many units, zeros of a layer without. */
  float[] bias(int units) {
    return settings.flag("use_bias", true) ? tensor("bias", units) : new float[units];
  }

  /**
   * Whether all tensors and settings are known.
   *
   * @throws OnnxException if some are not
   */
  void checkAll() {
    if (used != weights.size()) {
      throw new OnnxException("has %d tensors: must have %d".formatted(weights.size(), used));
    }
    settings.checkAll();
  }

  /** What an operator makes of a value, number by number. */
  Value each(Value in, String operator, Map<String, ?> attributes, String... more) {
    return new Value(node(in, operator, attributes, more), in.dims());
  }

  private String node(Value in, String operator, Map<String, ?> attributes, String... more) {
    String[] inputs = new String[more.length + 1];
    inputs[0] = in.name();
    System.arraycopy(more, 0, inputs, 1, more.length);
    return onnx.node(operator, attributes, inputs);
  }

  /** What an operator with channels first makes of a value. */
  Value first(Value in, int[] dims, String operator, Map<String, ?> attributes, String... more) {
    boolean image = in.dims().length == 3;
    String before =
        onnx.node(
            "Transpose",
            Map.of("perm", image ? new int[] {0, 3, 1, 2} : new int[] {0, 2, 1}),
            in.name());
    String made = node(new Value(before, in.dims()), operator, attributes, more);
    String after =
        onnx.node(
            "Transpose",
            Map.of("perm", image ? new int[] {0, 2, 3, 1} : new int[] {0, 2, 1}),
            made);
    return new Value(after, dims);
  }

  /** A dense layer at each place. */
  Value product(Value in, int units, float[] kernel, float[] bias) {
    String matrix = onnx.constant(new int[] {in.channels(), units}, kernel);
    String product = onnx.node("MatMul", Map.of(), in.name(), matrix);
    int[] dims = in.dims().clone();
    dims[dims.length - 1] = units;
    return new Value(
        onnx.node("Add", Map.of(), product, onnx.constant(new int[] {units}, bias)), dims);
  }

  /** The same numbers with other sides, of which at most one may be −1: what is left. */
  Value reshaped(Value in, int... sides) {
    int[] dims = sides.clone();
    long size = IntStream.of(in.dims()).asLongStream().reduce(1, Math::multiplyExact);
    long known =
        IntStream.of(dims).filter(side -> side > 0).asLongStream().reduce(1, Math::multiplyExact);
    for (int i = 0; i < dims.length; i++) {
      dims[i] = dims[i] < 0 ? Math.toIntExact(size / known) : dims[i];
    }
    if (IntStream.of(dims).asLongStream().reduce(1, Math::multiplyExact) != size) {
      throw new OnnxException(
          "makes %s of %s".formatted(Arrays.toString(sides), Arrays.toString(in.dims())));
    }
    long[] shape = new long[dims.length + 1];
    shape[0] = -1;
    for (int i = 0; i < dims.length; i++) {
      shape[i + 1] = dims[i];
    }
    return new Value(onnx.node("Reshape", Map.of(), in.name(), onnx.constant(shape)), dims);
  }
}
