package dev.pare.graph;

import dev.pare.graph.Parameter.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Small graphs of random layers: branches, sums, concatenations, groups, gates, slopes. */
public final class RandomGraphs {
  private static final int CLASSES = 3;

  private final SplittableRandom random;
  private final InputShape input;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Shape> shapes = new ArrayList<>();

  private RandomGraphs(SplittableRandom random) {
    this.random = random;
    this.input = new InputShape(1 + random.nextInt(3), 3 + random.nextInt(3), 4, 2);
  }

  /** A network of images whose branches meet in its output. */
  public static Architecture next(SplittableRandom random) {
    return new RandomGraphs(random).build(4 + random.nextInt(10));
  }

  /**
   * Weights of which many are zero, some units having none that lead to them or away.
   *
   * @return parameters with positive variances
   */
  public static Network sparse(Architecture architecture, SplittableRandom random) {
    float[] parameters = new float[architecture.parameters()];
    int density = 1 + random.nextInt(6);
    for (ParameterTensor tensor : architecture.tensors()) {
      int row = random.nextInt(tensor.rows());
      int column = random.nextInt(tensor.columns());
      boolean zeros = tensor.isWeight() && random.nextInt(3) > 0;
      for (int i = 0; i < tensor.size(); i++) {
        boolean gone = zeros && (i / tensor.columns() == row || i % tensor.columns() == column);
        if (!tensor.isWeight() || !gone && random.nextInt(density) == 0) {
          double value = random.nextDouble(-1, 1);
          parameters[tensor.offset() + i] =
              (float) (tensor.role() == Role.VARIANCE ? 1 + value / 2 : value);
        }
      }
    }
    return new Network(architecture, parameters);
  }

  private Architecture build(int count) {
    add(
        new Convolution(2 * (1 + random.nextInt(3)), 3, 1, 1, Activation.IDENTITY),
        Node.NETWORK_INPUT);
    for (int i = 0; i < count; i++) {
      step();
    }
    end();
    return new Architecture(input, nodes);
  }

  /** What nothing reads leads to the output, directly or through gates, as one sum. */
  private void end() {
    boolean[] read = new boolean[nodes.size()];
    nodes.forEach(
        node ->
            node.inputs().stream().filter(from -> from >= 0).forEach(from -> read[from] = true));
    List<Integer> ends = IntStream.range(0, read.length).filter(i -> !read[i]).boxed().toList();
    int sum = -1;
    for (int end : ends) {
      int from = end;
      if (random.nextInt(3) == 0) {
        Lstm.Steps steps = Lstm.Steps.values()[random.nextInt(2)];
        int units = 2 + random.nextInt(3);
        from = add(random.nextBoolean() ? new Lstm(units, steps) : new Gru(units, steps), end);
      }
      int hidden = add(new Dense(3, Activation.TANH), from);
      sum = sum < 0 ? hidden : add(new Arithmetic(Arithmetic.Operation.ADD), sum, hidden);
    }
    add(new Dense(CLASSES, Activation.SOFTMAX), sum);
  }

  private void step() {
    int from = random.nextInt(nodes.size());
    int channels = shapes.get(from).channels();
    switch (random.nextInt(13)) {
      case 0 -> add(new Convolution(1 + random.nextInt(4), 1, 1, activation()), from);
      case 1 -> add(new Convolution(2 * (1 + random.nextInt(2)), 3, 1, 1, activation()), from);
      case 2 -> add(groups(channels, channels * (1 + random.nextInt(2))), from);
      case 3 -> {
        if (channels % 2 == 0) {
          add(groups(2, 2 * (1 + random.nextInt(3))), from);
        }
      }
      case 4 -> add(new BatchNormalization(1e-2f, activation()), from);
      case 5 -> {
        List<Elementwise> functions = OperatorSamples.functions();
        add(functions.get(random.nextInt(functions.size())), from);
      }
      case 6 ->
          add(
              new Pooling(Pooling.Pool.values()[random.nextInt(2)], Window.POINTS, Window.POINTS),
              from);
      case 7 -> add(new Concatenation(), from, like(from, false));
      case 8 -> add(new Shortcut(activation()), from, like(from, true));
      case 9 ->
          add(
              random.nextBoolean()
                  ? SparseActivation.threshold(0.2f)
                  : SparseActivation.topK(1 + random.nextInt(20)),
              from);
      case 10 -> {
        int groups = channels % 2 == 0 ? 1 + random.nextInt(2) : 1;
        Window side = new Window(3, 1, 1);
        int filters = groups * (1 + random.nextInt(3));
        add(new TransposedConvolution(filters, groups, side, side, 0, 0, activation()), from);
      }
      case 11 -> add(withinChannels(shapes.get(from)), from);
      default -> {
        int[] all = random.ints(1 + random.nextInt(channels), 0, channels).toArray();
        add(new ChannelSelection(IntStream.of(all).boxed().toList()), from);
      }
    }
  }

  /** What changes channels one by one, and keeps their sides. */
  private Layer withinChannels(Shape in) {
    int places = in.height() * in.width();
    return switch (random.nextInt(5)) {
      case 0 -> new Prelu();
      case 1 -> new GroupNormalization(0, 1e-2f);
      case 2 -> new Reversal();
      case 3 ->
          new Rearrangement(0, in.height(), in.width(), places - 1, List.of(places), List.of(-1));
      default ->
          new Interpolation(
              Interpolation.Method.LINEAR,
              Interpolation.Coordinates.HALF_PIXEL,
              new Interpolation.Side(in.height(), 2),
              new Interpolation.Side(in.width(), 0.5f));
    };
  }

  private Convolution groups(int groups, int filters) {
    Window side = new Window(3, 1, 1);
    return new Convolution(filters, groups, side, side, activation());
  }

  /** A node of the same places, or of the same shape, as another. */
  private int like(int node, boolean channels) {
    int[] all =
        IntStream.range(0, nodes.size())
            .filter(
                i ->
                    channels
                        ? shapes.get(i).equals(shapes.get(node))
                        : shapes.get(i).height() == shapes.get(node).height())
            .toArray();
    return all[random.nextInt(all.length)];
  }

  private Activation activation() {
    Activation[] all = {Activation.IDENTITY, Activation.RELU, Activation.SIGMOID, Activation.TANH};
    return all[random.nextInt(all.length)];
  }

  private int add(Layer layer, int... inputs) {
    Node node = Node.of(layer, inputs);
    nodes.add(node);
    shapes.add(
        layer.output(
            IntStream.of(inputs)
                .mapToObj(
                    from ->
                        from < 0
                            ? new Shape(input.channels(), input.height(), input.width())
                            : shapes.get(from))
                .toList()));
    return nodes.size() - 1;
  }
}
