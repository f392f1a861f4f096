package dev.pare.onnx;

import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shape;
import dev.pare.onnx.Attention.Projection;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Products of what layers make. Those of queries and keys that dense layers make at each place, and
 * of their softmax and values, become self-attention (Vaswani et al. 2017); axes before the last
 * two are heads.
 */
final class AttentionOperators {
  private static final Set<String> MOVING =
      Set.of("Dropout", "Flatten", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze");
  private static final Set<String> DENSE = Set.of("Gemm", "MatMul");

  private AttentionOperators() {}

  /** A matrix product both sides of which are computed. */
  static List<Value> product(Call call) {
    if (call.input(0) instanceof Scores scores && scores.stage() == Scores.Stage.SHARES) {
      Optional<Flow> attention = attention(call, scores, call.flow(1));
      if (attention.isPresent()) {
        return List.of(attention.get());
      }
    }
    Flow one = call.flow(0);
    Flow other = call.flow(1);
    return List.of(
        isOfPairs(one.dims(), other.dims())
            ? new Scores(one, other, 1, Scores.Stage.PRODUCTS)
            : call.builder().joins().product(one, other));
  }

  /** Whether there is a matrix on either side for each of the same heads. */
  private static boolean isOfPairs(int[] one, int[] other) {
    int rank = one.length;
    return rank >= 3
        && rank == other.length
        && one[rank - 1] == other[rank - 2]
        && Arrays.equals(Arrays.copyOf(one, rank - 2), Arrays.copyOf(other, rank - 2));
  }

  /** Self-attention, if it is what shares are made of and multiplied by. */
  private static Optional<Flow> attention(Call call, Scores scores, Flow read) {
    int[] dims = scores.dims();
    if (!isOfPairs(dims, read.dims())) {
      return Optional.empty();
    }
    int rank = dims.length;
    int count = Dimensions.size(Arrays.copyOf(dims, rank - 2));
    Optional<Heads> ofQueries = Heads.of(call, scores.queries(), count, rank - 2);
    Optional<Heads> ofKeys = Heads.of(call, scores.keys(), count, rank - 1);
    Optional<Heads> ofValues = Heads.of(call, read, count, rank - 2);
    if (ofQueries.isEmpty() || ofKeys.isEmpty() || ofValues.isEmpty()) {
      return Optional.empty();
    }
    Heads queries = ofQueries.get();
    Heads keys = ofKeys.get();
    Heads values = ofValues.get();
    int source = queries.projection.source();
    if (source != keys.projection.source()
        || source != values.projection.source()
        || !Arrays.equals(keys.places, values.places)
        || queries.width() != values.width()) {
      return Optional.empty();
    }
    int inner = queries.channels.length;
    int channels = call.builder().shape(source).channels();
    if (inner != channels && !isProjected(call, inner * channels)) {
      return Optional.empty();
    }
    int width = queries.width();
    double factor = scores.factor() * Math.sqrt(width);
    Shape shape = read.shape();
    int[] to = read.dims();
    int[] order = new int[Dimensions.computed(inner, shape.places())];
    for (int i = 0; i < order.length; i++) {
      int head = i / width / shape.places();
      int place = queries.places[i / width % shape.places()];
      order[i] = (head * width + i % width) * shape.places() + place;
    }
    return Optional.of(
        call.builder()
            .attention()
            .attend(
                source,
                new SelfAttention(count, width, SelfAttention.Biases.TRAINED),
                new Shape(inner, shape.height(), shape.width()),
                new IndexMap(to, order),
                queries.rows(factor),
                keys.rows(1),
                values.rows(1),
                queries.biases(factor),
                values.biases(1)));
  }

  /** Whether a dense layer of so many weights is what reads a node's output, moved or as it is. */
  private static boolean isProjected(Call call, int weights) {
    Links links = new Links(call.graph());
    String moved = call.node().outputs().get(0);
    for (OnnxNode node : call.graph().nodes()) {
      if (node.inputs().contains(moved) && !Import.OF_SIDES.contains(node.operator())) {
        if (!MOVING.contains(node.operator())) {
          Tensor constant = node.inputs().size() < 2 ? null : links.constant(node.inputs().get(1));
          return DENSE.contains(node.operator()) && constant != null && constant.size() == weights;
        }
        moved = node.outputs().get(0);
      }
    }
    return false;
  }

  /**
   * Queries, keys or values of all heads.
   *
   * @param channels for each number of each head, the channel that it is
   * @param places for each place of the node, the one that it is to Pare
   */
  private record Heads(Projection projection, int count, int[] channels, int[] places) {
    /**
     * Empty if they are not those of all places, made by a dense layer at each.
     *
     * @param axis of the places; the other of the last two axes is that of a head's numbers
     */
    static Optional<Heads> of(Call call, Flow flow, int count, int axis) {
      int[] dims = flow.dims();
      int rank = dims.length;
      int area = flow.area();
      int width = dims[axis == rank - 1 ? rank - 2 : rank - 1];
      if (dims[axis] != area || count * width != flow.shape().channels()) {
        return Optional.empty();
      }
      int[] channels = new int[count * width];
      int[] places = new int[area];
      for (int i = 0; i < flow.shape().size(); i++) {
        int last = i % dims[rank - 1];
        int before = i / dims[rank - 1] % dims[rank - 2];
        int at = axis == rank - 1 ? last : before;
        int head = i / dims[rank - 1] / dims[rank - 2];
        int number = head * width + (axis == rank - 1 ? before : last);
        int channel = flow.place(i) / area;
        int place = flow.place(i) % area;
        if (at == 0) {
          channels[number] = channel;
        }
        if (number == 0) {
          places[at] = place;
        }
        if (channels[number] != channel || places[at] != place) {
          return Optional.empty();
        }
      }
      return call.builder()
          .attention()
          .projection(flow)
          .map(projection -> new Heads(projection, count, channels, places));
    }

    int width() {
      return channels.length / count;
    }

    float[] rows(double factor) {
      int inputs = projection.inputs();
      float[] rows = new float[channels.length * inputs];
      for (int i = 0; i < rows.length; i++) {
        rows[i] =
            (float) (factor * projection.weights()[channels[i / inputs] * inputs + i % inputs]);
      }
      return rows;
    }

    float[] biases(double factor) {
      float[] biases = new float[channels.length];
      for (int i = 0; i < biases.length; i++) {
        biases[i] = (float) (factor * projection.biases()[channels[i]]);
      }
      return biases;
    }
  }
}
