package dev.pare.onnx;

import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shape;
import dev.pare.onnx.Attention.Projection;
import java.util.Arrays;
import java.util.List;

/**
 * Products of what layers make, which become self-attention (Vaswani et al. 2017): of queries and
 * keys that dense layers make at each place, and of their softmax and values. Axes before the last
 * two are heads.
 */
final class AttentionOperators {
  private AttentionOperators() {}

  /** A matrix product both sides of which are computed. */
  static List<Value> product(Call call) {
    if (call.input(1) instanceof Scores) {
      throw Scores.unreadable();
    }
    return List.of(
        call.input(0) instanceof Scores scores
            ? attention(call, scores, call.flow(1))
            : scores(call.flow(0), call.flow(1)));
  }

  private static Scores scores(Flow queries, Flow keys) {
    int[] dims = product(queries.dims(), keys.dims());
    return new Scores(dims, queries, keys, 1, Scores.Stage.PRODUCTS);
  }

  private static int[] product(int[] one, int[] other) {
    int rank = one.length;
    if (rank < 3
        || rank != other.length
        || one[rank - 1] != other[rank - 2]
        || !Arrays.equals(Arrays.copyOf(one, rank - 2), Arrays.copyOf(other, rank - 2))) {
      throw new OnnxException(
          "of %s and %s, which two layers make, is not supported; Pare has self-attention"
              .formatted(Dimensions.text(one), Dimensions.text(other)));
    }
    int[] dims = one.clone();
    dims[rank - 1] = other[rank - 1];
    return dims;
  }

  private static Flow attention(Call call, Scores scores, Flow read) {
    scores.check(Scores.Stage.SHARES);
    int[] dims = product(scores.dims(), read.dims());
    int rank = dims.length;
    int count = Dimensions.size(Arrays.copyOf(dims, rank - 2));
    Heads queries = Heads.of(call, scores.queries(), count, rank - 2);
    Heads keys = Heads.of(call, scores.keys(), count, rank - 1);
    Heads values = Heads.of(call, read, count, rank - 2);
    int source = queries.projection.source();
    if (source != keys.projection.source() || source != values.projection.source()) {
      throw new OnnxException(
          "queries, keys and values are made of different layers' outputs, which is not supported;"
              + " Pare has self-attention");
    }
    if (!Arrays.equals(keys.places, values.places)) {
      throw new OnnxException("its keys and values are of different places");
    }
    if (queries.width() != values.width()) {
      throw new OnnxException(
          "heads of %d queries and %d values are not supported; Pare has as many"
              .formatted(queries.width(), values.width()));
    }
    int inner = queries.channels.length;
    int width = queries.width();
    double factor = scores.factor() * Math.sqrt(width);
    Shape shape = read.shape();
    int[] order = new int[Dimensions.computed(inner, shape.places())];
    for (int i = 0; i < order.length; i++) {
      int head = i / width / shape.places();
      int place = queries.places[i / width % shape.places()];
      order[i] = (head * width + i % width) * shape.places() + place;
    }
    return call.builder()
        .attention()
        .attend(
            source,
            new SelfAttention(count, width, SelfAttention.Biases.TRAINED),
            new Shape(inner, shape.height(), shape.width()),
            new IndexMap(dims, order),
            queries.rows(factor),
            keys.rows(1),
            values.rows(1),
            queries.biases(factor),
            values.biases(1));
  }

  /**
   * Queries, keys or values of all heads.
   *
   * @param channels for each number of each head, the channel that it is
   * @param places for each place of the node, the one that it is to Pare
   */
  private record Heads(Projection projection, int count, int[] channels, int[] places) {
    /**
     * @param axis of the places; the other of the last two axes is that of a head's numbers
     */
    static Heads of(Call call, Flow flow, int count, int axis) {
      int[] dims = flow.dims();
      int rank = dims.length;
      int area = flow.area();
      int width = dims[axis == rank - 1 ? rank - 2 : rank - 1];
      if (dims[axis] != area || count * width != flow.shape().channels()) {
        throw new OnnxException(
            "of %s is not supported; Pare's attention is of all places to all places"
                .formatted(Dimensions.text(dims)));
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
          throw new OnnxException("its heads are not channels of the same place");
        }
      }
      return new Heads(call.builder().attention().projection(flow), count, channels, places);
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
