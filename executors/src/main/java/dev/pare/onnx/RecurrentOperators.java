package dev.pare.onnx;

import dev.pare.graph.Gru;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

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
    checkActivations(call.node(), List.of("Sigmoid", "Tanh", "Tanh"));
    if (call.node().whole("input_forget", 0) != 0) {
      throw new OnnxException("input_forget = 1 is not supported");
    }
    Sequences read = Sequences.of(call, GATES);
    return read.outputs(
        call,
        new Lstm(read.units, Lstm.Steps.ALL),
        direction -> {
          float[] biases = new float[4 * read.units];
          for (int row = 0; call.has(3) && row < biases.length; row++) {
            int from = read.row(row);
            biases[row] =
                (float)
                    (read.bias(call, direction, from)
                        + read.bias(call, direction, biases.length + from));
          }
          return List.of(biases);
        });
  }

  static List<Value> gru(Call call) {
    checkActivations(call.node(), List.of("Sigmoid", "Tanh"));
    if (call.node().whole("linear_before_reset", 0) == 0) {
      throw new OnnxException(
          "linear_before_reset = 0 is not supported; Pare's GRUs reset the units' product, as"
              + " PyTorch's do");
    }
    Sequences read = Sequences.of(call, new int[] {0, 1, 2});
    int units = read.units;
    return read.outputs(
        call,
        new Gru(units, Lstm.Steps.ALL),
        direction -> {
          float[] biases = new float[3 * units];
          float[] own = new float[units];
          for (int row = 0; call.has(3) && row < biases.length; row++) {
            float ofUnits = (float) read.bias(call, direction, biases.length + row);
            biases[row] = (float) read.bias(call, direction, row);
            if (row < 2 * units) {
              biases[row] += ofUnits;
            } else {
              own[row - 2 * units] = ofUnits;
            }
          }
          return List.of(biases, own);
        });
  }

  /**
   * What a recurrent layer, or one for each direction, reads.
   *
   * @param gates where ONNX has each of Pare's gates
   * @param directions of each layer
   */
  private record Sequences(
      Flow flow,
      boolean batchFirst,
      int steps,
      int features,
      int units,
      int[] gates,
      List<Direction> directions) {
    static Sequences of(Call call, int[] gates) {
      OnnxNode node = call.node();
      Flow flow = call.builder().normalized(call.flow(0));
      int[] dims = flow.dims();
      boolean batchFirst = node.whole("layout", 0) != 0;
      if (dims.length != 3 || dims[batchFirst ? 0 : 1] != 1) {
        throw new OnnxException("it reads %s for one example".formatted(Dimensions.text(dims)));
      }
      List<Direction> directions = directionsOf(node);
      int steps = dims[batchFirst ? 1 : 0];
      int features = dims[2];
      Tensor ofInput = call.constant(1);
      int units = ofInput.dims().length == 3 ? ofInput.dims()[1] / gates.length : 0;
      Tensor ofUnits = call.constant(2);
      int rows = gates.length * units;
      if (units < 1
          || !Arrays.equals(ofInput.dims(), new int[] {directions.size(), rows, features})
          || !Arrays.equals(ofUnits.dims(), new int[] {directions.size(), rows, units})
          || node.whole("hidden_size", units) != units) {
        throw new OnnxException(
            "weights of %s and %s for %s"
                .formatted(
                    Dimensions.text(ofInput.dims()),
                    Dimensions.text(ofUnits.dims()),
                    Dimensions.text(dims)));
      }
      checkInputs(call, steps);
      if (call.has(3) && call.constant(3).size() != 2 * rows * directions.size()) {
        throw new OnnxException("%d biases for %d units".formatted(call.constant(3).size(), units));
      }
      return new Sequences(flow, batchFirst, steps, features, units, gates, directions);
    }

    /** Where ONNX has a row of Pare's. */
    int row(int row) {
      return gates[row / units] * units + row % units;
    }

    double bias(Call call, int direction, int index) {
      return call.constant(3).number(direction * 2 * gates.length * units + index);
    }

    /** A direction's rows of a tensor in Pare's order. */
    private float[] rows(Tensor tensor, int direction, int length, IntUnaryOperator column) {
      int count = gates.length * units;
      float[] rows = new float[count * length];
      for (int i = 0; i < rows.length; i++) {
        int from = direction * count + row(i / length);
        rows[i / length * length + column.applyAsInt(i % length)] =
            (float) tensor.number(from * length + i % length);
      }
      return rows;
    }

    /**
     * Adds a layer for each direction; their outputs of all steps, and of the last one.
     *
     * @param biases for each direction the parameters behind both weights; the first are those that
     *     factors and summands of the input are taken into
     */
    List<Value> outputs(Call call, Layer layer, IntFunction<List<float[]>> biases) {
      Rows read = Rows.of(flow, steps, features);
      List<Flow> all = new ArrayList<>();
      List<Flow> last = new ArrayList<>();
      for (int d = 0; d < directions.size(); d++) {
        boolean back = directions.get(d) == Direction.BACKWARD;
        float[] weights = rows(call.constant(1), d, features, i -> read.columns()[i]);
        List<float[]> own = biases.apply(d);
        Flow absorbed = absorbed(flow, weights, own.get(0));
        List<float[]> tensors = new ArrayList<>();
        tensors.add(weights);
        tensors.add(rows(call.constant(2), d, units, i -> i));
        tensors.addAll(own);
        int[] order = new int[Dimensions.computed(steps, units)];
        for (int i = 0; i < order.length; i++) {
          int step = back ? steps - 1 - i / units : i / units;
          order[i] = i % units * steps + step;
        }
        int[] dims = batchFirst ? new int[] {1, steps, 1, units} : new int[] {steps, 1, 1, units};
        Flow made =
            call.builder()
                .add(
                    back == read.backward()
                        ? absorbed
                        : call.builder().arrangement().reversed(absorbed),
                    layer,
                    new Shape(units, steps, 1),
                    new IndexMap(dims, order),
                    tensors.toArray(float[][]::new));
        all.add(made);
        int first = back ? 0 : (steps - 1) * units;
        int[] from = IntStream.range(first, first + units).toArray();
        last.add(
            call.builder().arrangement().select(made, new IndexMap(new int[] {1, 1, units}, from)));
      }
      return batchFirst
          ? List.of(beside(all, 2), beside(last, 1))
          : List.of(beside(all, 1), beside(last, 0));
    }

    private static Value beside(List<Flow> parts, int axis) {
      if (parts.size() == 1) {
        return parts.get(0);
      }
      int[] dims = parts.get(0).dims().clone();
      dims[axis] = parts.size();
      return new Joined(dims, axis, parts, Flow.Readers.ONE);
    }
  }

  /** Which step is read first. */
  private enum Direction {
    FORWARD,
    BACKWARD
  }

  private static List<Direction> directionsOf(OnnxNode node) {
    String direction = node.text("direction", "forward");
    return switch (direction) {
      case "forward" -> List.of(Direction.FORWARD);
      case "reverse" -> List.of(Direction.BACKWARD);
      case "bidirectional" -> List.of(Direction.FORWARD, Direction.BACKWARD);
      default -> throw new OnnxException("direction = " + OnnxException.shown(direction));
    };
  }

  /** Those of each direction. */
  private static void checkActivations(OnnxNode node, List<String> usual) {
    List<String> expected =
        directionsOf(node).stream().flatMap(direction -> usual.stream()).toList();
    if (!node.texts("activations").orElse(expected).equals(expected)) {
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

  /**
   * How a value has the steps of a sequence as rows.
   *
   * @param columns for each feature of a step, which one it is in a row of Pare's input
   * @param backward whether the last step is the first row
   */
  private record Rows(int[] columns, boolean backward) {
    static Rows of(Flow flow, int steps, int features) {
      Shape shape = flow.shape();
      int[] columns = new int[features];
      boolean fits = shape.height() == steps;
      boolean backward = fits && steps > 1 && flow.place(0) / shape.width() % steps == steps - 1;
      for (int i = 0; fits && i < steps * features; i++) {
        int place = flow.place(i);
        int column = place / flow.area() * shape.width() + place % shape.width();
        if (i < features) {
          columns[i] = column;
        }
        int step = backward ? steps - 1 - i / features : i / features;
        fits = place / shape.width() % steps == step && columns[i % features] == column;
      }
      if (!fits) {
        throw new OnnxException("its %d steps are not the rows of %s".formatted(steps, shape));
      }
      return new Rows(columns, backward);
    }
  }

  /** Takes factors and summands into the weights that are the same for all steps. */
  private static Flow absorbed(Flow flow, float[] weights, float[] biases) {
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
