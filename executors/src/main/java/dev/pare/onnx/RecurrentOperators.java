package dev.pare.onnx;

import dev.pare.graph.Gru;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Shape;
import java.util.Arrays;
import java.util.List;

/** Operators that become recurrent layers. */
final class RecurrentOperators {
  /** Where ONNX has the gates that Pare has in this order: cell, forget, output, input. */
  private static final int[] GATES = {3, 2, 1, 0};

  private static final int SEQUENCE_LENGTHS = 4;
  private static final int HIDDEN = 5;
  private static final int CELL = 6;
  private static final int PEEPHOLES = 7;

  private RecurrentOperators() {}

  static List<Value> lstm(Call call) {
    check(call.node(), List.of("Sigmoid", "Tanh", "Tanh"));
    if (call.node().whole("input_forget", 0) != 0) {
      throw new OnnxException("input_forget = 1 is not supported");
    }
    Sequences read = Sequences.of(call, GATES);
    float[] biases = new float[4 * read.units()];
    for (int row = 0; call.has(3) && row < biases.length; row++) {
      int from = read.row(GATES, row);
      biases[row] = (float) (read.bias(call, from) + read.bias(call, biases.length + from));
    }
    return read.outputs(
        call,
        new Lstm(read.units(), Lstm.Steps.ALL),
        read.ofInput(),
        biases,
        read.ofUnits(),
        new float[][] {biases});
  }

  static List<Value> gru(Call call) {
    check(call.node(), List.of("Sigmoid", "Tanh"));
    if (call.node().whole("linear_before_reset", 0) == 0) {
      throw new OnnxException(
          "linear_before_reset = 0 is not supported; Pare's GRUs reset the units' product, as"
              + " PyTorch's do");
    }
    int[] gates = {0, 1, 2};
    Sequences read = Sequences.of(call, gates);
    int units = read.units();
    float[] biases = new float[3 * units];
    float[] own = new float[units];
    for (int row = 0; call.has(3) && row < biases.length; row++) {
      float ofUnits = (float) read.bias(call, biases.length + row);
      biases[row] = (float) read.bias(call, row);
      if (row < 2 * units) {
        biases[row] += ofUnits;
      } else {
        own[row - 2 * units] = ofUnits;
      }
    }
    return read.outputs(
        call,
        new Gru(units, Lstm.Steps.ALL),
        read.ofInput(),
        biases,
        read.ofUnits(),
        new float[][] {biases, own});
  }

  /**
   * What a recurrent layer reads, and its weights in Pare's order.
   *
   * @param ofInput a row a gate and unit
   * @param ofUnits likewise
   */
  private record Sequences(
      Flow flow, boolean batchFirst, int steps, int units, float[] ofInput, float[] ofUnits) {
    /**
     * @param gates where ONNX has each of Pare's gates
     */
    static Sequences of(Call call, int[] gates) {
      OnnxNode node = call.node();
      Flow flow = call.builder().normalized(call.flow(0));
      int[] dims = flow.dims();
      boolean batchFirst = node.whole("layout", 0) != 0;
      if (dims.length != 3 || dims[batchFirst ? 0 : 1] != 1) {
        throw new OnnxException("it reads %s for one example".formatted(Dimensions.text(dims)));
      }
      int steps = dims[batchFirst ? 1 : 0];
      int features = dims[2];
      Tensor ofInput = call.constant(1);
      int units = ofInput.dims().length == 3 ? ofInput.dims()[1] / gates.length : 0;
      Tensor ofUnits = call.constant(2);
      int rows = gates.length * units;
      if (units < 1
          || !Arrays.equals(ofInput.dims(), new int[] {1, rows, features})
          || !Arrays.equals(ofUnits.dims(), new int[] {1, rows, units})
          || node.whole("hidden_size", units) != units) {
        throw new OnnxException(
            "weights of %s and %s for %s"
                .formatted(
                    Dimensions.text(ofInput.dims()),
                    Dimensions.text(ofUnits.dims()),
                    Dimensions.text(dims)));
      }
      checkInputs(call, steps);
      if (call.has(3) && call.constant(3).size() != 2 * rows) {
        throw new OnnxException("%d biases for %d units".formatted(call.constant(3).size(), units));
      }
      int[] columns = columns(flow, steps, features);
      Sequences read =
          new Sequences(
              flow, batchFirst, steps, units, new float[rows * features], new float[rows * units]);
      for (int row = 0; row < rows; row++) {
        int from = read.row(gates, row);
        for (int i = 0; i < features; i++) {
          read.ofInput[row * features + columns[i]] = (float) ofInput.number(from * features + i);
        }
        for (int i = 0; i < units; i++) {
          read.ofUnits[row * units + i] = (float) ofUnits.number(from * units + i);
        }
      }
      return read;
    }

    /** Where ONNX has a row of Pare's. */
    int row(int[] gates, int row) {
      return gates[row / units] * units + row % units;
    }

    double bias(Call call, int index) {
      return call.constant(3).number(index);
    }

    /**
     * Adds the layer; its outputs of all steps, and of the last one.
     *
     * @param biases those that factors and summands of the input are taken into
     * @param others the parameters behind both weights
     */
    List<Value> outputs(
        Call call,
        Layer layer,
        float[] weights,
        float[] biases,
        float[] recurrent,
        float[][] others) {
      Flow read = absorbed(call, flow, weights, biases);
      int[] order = new int[Dimensions.computed(steps, units)];
      for (int i = 0; i < order.length; i++) {
        order[i] = i % units * steps + i / units;
      }
      int[] all = batchFirst ? new int[] {1, steps, 1, units} : new int[] {steps, 1, 1, units};
      float[][] tensors = new float[2 + others.length][];
      tensors[0] = weights;
      tensors[1] = recurrent;
      System.arraycopy(others, 0, tensors, 2, others.length);
      Flow outputs =
          call.builder()
              .add(read, layer, new Shape(units, steps, 1), new Selection(all, order), tensors);
      int[] last = new int[units];
      for (int u = 0; u < units; u++) {
        last[u] = (steps - 1) * units + u;
      }
      return List.of(
          outputs, call.builder().select(outputs, new Selection(new int[] {1, 1, units}, last)));
    }
  }

  private static void check(OnnxNode node, List<String> usual) {
    String direction = node.text("direction", "forward");
    if (!direction.equals("forward")) {
      throw new OnnxException(
          "direction = %s is not supported; Pare has recurrent layers that go forward"
              .formatted(OnnxException.shown(direction)));
    }
    if (!node.texts("activations").orElse(usual).equals(usual)) {
      throw new OnnxException(
          "activations other than %s are not supported".formatted(String.join(", ", usual)));
    }
  }

  private static void checkInputs(Call call, int steps) {
    if (call.has(SEQUENCE_LENGTHS)) {
      Tensor lengths = call.constant(SEQUENCE_LENGTHS);
      if (lengths.size() != 1 || lengths.number(0) != steps) {
        throw new OnnxException("sequences shorter than the input are not supported");
      }
    }
    for (int i : new int[] {HIDDEN, CELL, PEEPHOLES}) {
      if (call.has(i) && !call.constant(i).isZero()) {
        throw new OnnxException(
            i == PEEPHOLES
                ? "peepholes are not supported"
                : "states that do not begin at zero are not supported");
      }
    }
  }

  /** For each feature of a step, which one it is in a row of Pare's input. */
  private static int[] columns(Flow flow, int steps, int features) {
    Shape shape = flow.shape();
    int[] columns = new int[features];
    boolean fits = shape.height() == steps;
    for (int i = 0; fits && i < steps * features; i++) {
      int place = flow.place(i);
      int column = place / flow.area() * shape.width() + place % shape.width();
      if (i < features) {
        columns[i] = column;
      }
      fits = place / shape.width() % steps == i / features && columns[i % features] == column;
    }
    if (!fits) {
      throw new OnnxException(
          "its %d steps are not the rows of %d×%d×%d"
              .formatted(steps, shape.channels(), shape.height(), shape.width()));
    }
    return columns;
  }

  /** Takes factors and summands into the weights that are the same for all steps. */
  private static Flow absorbed(Call call, Flow flow, float[] weights, float[] biases) {
    Affine affine = flow.affine();
    if (affine == null) {
      return flow;
    }
    Shape shape = flow.shape();
    int width = shape.width();
    for (int i = 0; i < shape.size(); i++) {
      int first = i / flow.area() * flow.area() + i % width;
      if (affine.factor()[i] != affine.factor()[first]
          || affine.summand()[i] != affine.summand()[first]) {
        return flow;
      }
    }
    WeightOperators.absorb(
        affine, weights, biases, (row, column) -> column / width * flow.area() + column % width);
    return flow.withAffine(null);
  }
}
