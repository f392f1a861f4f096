package dev.pare.onnx;

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
    OnnxNode node = call.node();
    check(node);
    Flow flow = call.builder().normalized(call.flow(0));
    int[] dims = flow.dims();
    boolean batchFirst = node.whole("layout", 0) != 0;
    if (dims.length != 3 || dims[batchFirst ? 0 : 1] != 1) {
      throw new OnnxException("it reads %s for one example".formatted(Dimensions.text(dims)));
    }
    int steps = dims[batchFirst ? 1 : 0];
    int features = dims[2];
    Tensor ofInput = call.constant(1);
    int units = ofInput.dims().length == 3 ? ofInput.dims()[1] / 4 : 0;
    Tensor ofUnits = call.constant(2);
    if (units < 1
        || !Arrays.equals(ofInput.dims(), new int[] {1, 4 * units, features})
        || !Arrays.equals(ofUnits.dims(), new int[] {1, 4 * units, units})
        || node.whole("hidden_size", units) != units) {
      throw new OnnxException(
          "weights of %s and %s for %s"
              .formatted(
                  Dimensions.text(ofInput.dims()),
                  Dimensions.text(ofUnits.dims()),
                  Dimensions.text(dims)));
    }
    checkInputs(call, steps);
    int[] columns = columns(flow, steps, features);
    float[] weights = new float[4 * units * features];
    float[] recurrent = new float[4 * units * units];
    float[] biases = new float[4 * units];
    for (int row = 0; row < 4 * units; row++) {
      int from = GATES[row / units] * units + row % units;
      for (int i = 0; i < features; i++) {
        weights[row * features + columns[i]] = (float) ofInput.number(from * features + i);
      }
      for (int i = 0; i < units; i++) {
        recurrent[row * units + i] = (float) ofUnits.number(from * units + i);
      }
      if (call.has(3)) {
        Tensor summands = call.constant(3);
        if (summands.size() != 8 * units) {
          throw new OnnxException("%d biases for %d units".formatted(summands.size(), units));
        }
        biases[row] = (float) (summands.number(from) + summands.number(4 * units + from));
      }
    }
    flow = absorbed(call, flow, weights, biases);
    int[] order = new int[Dimensions.computed(steps, units)];
    for (int i = 0; i < order.length; i++) {
      order[i] = i % units * steps + i / units;
    }
    int[] all = batchFirst ? new int[] {1, steps, 1, units} : new int[] {steps, 1, 1, units};
    Flow outputs =
        call.builder()
            .add(
                flow,
                new Lstm(units, Lstm.Steps.ALL),
                new Shape(units, steps, 1),
                new Selection(all, order),
                weights,
                recurrent,
                biases);
    int[] last = new int[units];
    for (int u = 0; u < units; u++) {
      last[u] = (steps - 1) * units + u;
    }
    return List.of(
        outputs, call.builder().select(outputs, new Selection(new int[] {1, 1, units}, last)));
  }

  private static void check(OnnxNode node) {
    String direction = node.text("direction", "forward");
    if (!direction.equals("forward")) {
      throw new OnnxException(
          "direction = %s is not supported; Pare has LSTMs that go forward"
              .formatted(OnnxException.shown(direction)));
    }
    List<String> functions = node.texts("activations").orElse(List.of("Sigmoid", "Tanh", "Tanh"));
    if (!functions.equals(List.of("Sigmoid", "Tanh", "Tanh"))) {
      throw new OnnxException("activations other than Sigmoid, Tanh and Tanh are not supported");
    }
    if (node.whole("input_forget", 0) != 0) {
      throw new OnnxException("input_forget = 1 is not supported");
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
