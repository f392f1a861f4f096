package dev.pare.onnx;

import dev.pare.graph.InputShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a file has the examples.
 *
 * @param parts one for each of the file's inputs
 * @param batch how many examples the file takes at once, 0 for any number
 */
record InputLayout(List<Part> parts, int batch) {
  InputLayout {
    parts = List.copyOf(parts);
  }

  /**
   * What an input is of an example.
   *
   * @param name of the input
   * @param selection of one example's numbers, as Pare has them
   */
  record Part(String name, IndexMap selection) {}

  /** What is tried first: sides that are all alike fit both. */
  enum Order {
    CHANNELS_FIRST,
    CHANNELS_LAST
  }

  /**
   * By the sides of the file's inputs. Of one: flat features, channels first or last, or a
   * sequence, whose steps may come first. Several have flat features among them, as many as each
   * has numbers, in their order.
   *
   * @param order of files of this kind
   * @throws OnnxException if examples do not fit them
   */
  static InputLayout of(Graph graph, InputShape input, Order order) {
    return graph.inputs().size() == 1
        ? of(graph.inputs().get(0), input, order)
        : divided(graph.inputs(), input);
  }

  private static InputLayout divided(List<Graph.Input> inputs, InputShape input) {
    List<Part> parts = new ArrayList<>();
    boolean open = true;
    long first = 0;
    for (Graph.Input one : inputs) {
      List<Integer> dims = one.dims();
      int batch = dims.isEmpty() ? 0 : dims.get(0);
      if (batch == 0 || batch > 1 || dims.subList(1, dims.size()).contains(-1)) {
        throw new OnnxException(
            "of several inputs, each must have an open first axis, the batch's, or 1, and no other"
                + " open one: "
                + one);
      }
      int[] sides = dims.stream().skip(1).mapToInt(Integer::intValue).toArray();
      int[] from = new int[Dimensions.computed(sides)];
      for (int i = 0; i < from.length; i++) {
        from[i] = Math.toIntExact(first + i);
      }
      parts.add(new Part(one.name(), new IndexMap(example(sides), from)));
      first += from.length;
      open &= batch < 0;
    }
    if (first != input.size() || input.height() > 1 || input.width() > 1) {
      throw new OnnxException(
          "it has %d inputs (%s), which have %d numbers: examples must be rows of as many columns, those"
                  .formatted(inputs.size(), names(inputs), first)
              + " of each input in its order behind those of the one before it, not %d×%d×%d"
                  .formatted(input.channels(), input.height(), input.width()));
    }
    return new InputLayout(parts, open ? 0 : 1);
  }

  private static String names(List<Graph.Input> inputs) {
    return String.join(", ", inputs.stream().map(Graph.Input::toString).toList());
  }

  private static InputLayout whole(String name, IndexMap selection, int batch) {
    return new InputLayout(List.of(new Part(name, selection)), batch);
  }

  private static InputLayout of(Graph.Input of, InputShape input, Order order) {
    List<Integer> dims = of.dims();
    int c = input.channels();
    int h = input.height();
    int w = input.width();
    int batch = dims.isEmpty() ? -1 : dims.get(0);
    if (c == 1 && h > 1 && batch == h && isStepsFirst(dims, w)) {
      return whole(of.name(), IndexMap.reshaped(h, 1, w), 1);
    }
    if (batch > 1) {
      throw new OnnxException(
          "its input is for %d examples at once; export it with an open first axis, or with 1"
              .formatted(batch));
    }
    return (order == Order.CHANNELS_LAST
            ? channelsLast(dims, input).or(() -> channelsFirst(dims, input))
            : channelsFirst(dims, input).or(() -> channelsLast(dims, input)))
        .map(selection -> whole(of.name(), selection, Math.max(batch, 0)))
        .orElseThrow(
            () ->
                new OnnxException(
                    "its input is %s, but examples are %d×%d×%d; data.shape says what they are, the first axis"
                            .formatted(of.text(), c, h, w)
                        + " must be the batch"));
  }

  private static Optional<IndexMap> channelsFirst(List<Integer> dims, InputShape input) {
    int c = input.channels();
    int h = input.height();
    int w = input.width();
    int[][] first = {{c * h * w}, {c, h, w}, {h, w}, {c, h}, {c, w}};
    boolean[] fits = {true, true, c == 1, w == 1, h == 1};
    for (int i = 0; i < first.length; i++) {
      if (fits[i] && matches(dims, first[i])) {
        return Optional.of(IndexMap.reshaped(example(first[i])));
      }
    }
    return Optional.empty();
  }

  private static Optional<IndexMap> channelsLast(List<Integer> dims, InputShape input) {
    int c = input.channels();
    int h = input.height();
    int w = input.width();
    int[][] last = {{h, w, c}, {h, c}, {w, c}};
    boolean[] fits = {true, w == 1, h == 1};
    for (int i = 0; i < last.length; i++) {
      if (fits[i] && matches(dims, last[i])) {
        int[] order = Dimensions.strided(new int[] {h, w, c}, 0, new int[] {w, 1, h * w});
        return Optional.of(new IndexMap(example(last[i]), order));
      }
    }
    return Optional.empty();
  }

  /**
   * As PyTorch's recurrent layers have it by default (batch_first=False): the batch comes second.
   */
  private static boolean isStepsFirst(List<Integer> dims, int features) {
    return dims.size() == 3
        && (dims.get(1) < 0 || dims.get(1) == 1)
        && (dims.get(2) < 0 || dims.get(2) == features);
  }

  private static boolean matches(List<Integer> dims, int[] sides) {
    if (dims.size() != sides.length + 1) {
      return false;
    }
    for (int i = 0; i < sides.length; i++) {
      int dim = dims.get(i + 1);
      if (dim >= 0 && dim != sides[i]) {
        return false;
      }
    }
    return true;
  }

  private static int[] example(int[] sides) {
    int[] dims = new int[sides.length + 1];
    dims[0] = 1;
    System.arraycopy(sides, 0, dims, 1, sides.length);
    return dims;
  }
}
