package dev.pare.onnx;

import dev.pare.graph.Activation;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Convolution;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;
import dev.pare.onnx.Flow.Readers;
import java.util.Optional;
import java.util.stream.IntStream;

/** Self-attention, put together of the layers around its products. */
final class Attention {
  /** Of attention's tensors, those of the last projection. */
  static final int WEIGHTS = 3;

  static final int BIASES = 5;

  private final NetworkBuilder builder;

  Attention(NetworkBuilder builder) {
    this.builder = builder;
  }

  /**
   * What a dense layer at each place makes.
   *
   * @param source the layer that it reads, −1 for the input
   * @param inputs channels of that
   * @param weights {@code [channels][inputs]}
   */
  record Projection(int source, int inputs, float[] weights, float[] biases) {}

  /**
   * How a value's channels are made of those of another one at the same place; empty if they are
   * not.
   */
  Optional<Projection> projection(Flow flow) {
    int count = flow.shape().channels();
    int[] channels = IntStream.range(0, count).toArray();
    int layer = flow.layer();
    while (layer >= 0 && builder.built(layer).layer instanceof ChannelSelection selection) {
      channels = IntStream.of(channels).map(c -> selection.channels().get(c)).toArray();
      layer = builder.built(layer).inputs.get(0);
    }
    Affine affine = flow.affine();
    if (layer < 0
        || !(builder.built(layer).layer instanceof Convolution convolution)
        || !convolution.equals(
            new Convolution(
                convolution.filters(), Window.POINTS, Window.POINTS, Activation.IDENTITY))
        || affine != null && !affine.isAlikeWithin(count)) {
      return Optional.empty();
    }
    BuiltLayer entry = builder.built(layer);
    int inputs = entry.tensors[0].length / entry.tensors[1].length;
    float[] weights = new float[count * inputs];
    float[] biases = new float[count];
    for (int c = 0; c < count; c++) {
      double factor = affine == null ? 1 : affine.factor()[c * flow.area()];
      double summand = affine == null ? 0 : affine.summand()[c * flow.area()];
      biases[c] = (float) (factor * entry.tensors[1][channels[c]] + summand);
      for (int i = 0; i < inputs; i++) {
        weights[c * inputs + i] = (float) (factor * entry.tensors[0][channels[c] * inputs + i]);
      }
    }
    return Optional.of(new Projection(entry.inputs.get(0), inputs, weights, biases));
  }

  /**
   * Self-attention whose sums are handed on as they are, until {@link #project} sets the last
   * projection.
   *
   * @param source the layer that it reads, −1 for the input
   * @param out what its sums are
   */
  Flow attend(
      int source,
      SelfAttention layer,
      Shape out,
      IndexMap seen,
      float[] queries,
      float[] keys,
      float[] values,
      float[] queryBiases,
      float[] valueBiases) {
    int inner = out.channels();
    float[] same = new float[Math.multiplyExact(inner, inner)];
    for (int i = 0; i < inner; i++) {
      same[i * inner + i] = 1;
    }
    Shape in = builder.shape(source);
    Flow read = new Flow(source, in, new int[] {1, in.size()}, null, Readers.SEVERAL, null);
    // The shares of all values sum to 1, so that their biases are the sums'.
    Flow made =
        builder.add(read, layer, out, seen, queries, keys, values, same, queryBiases, valueBiases);
    builder.built(made.layer()).open = true;
    return made;
  }

  /**
   * Makes a dense layer at each place the last part of the attention that it reads.
   *
   * @param rows {@code [units][channels]}
   * @return whether it could: if nobody else reads that attention, and it has no such layer yet
   */
  boolean project(Flow read, float[] rows, float[] biases) {
    if (read.layer() < 0
        || read.readers() != Readers.ONE
        || read.affine() != null
        || !builder.built(read.layer()).open
        || biases.length != builder.shape(builder.built(read.layer()).inputs.get(0)).channels()) {
      return false;
    }
    BuiltLayer entry = builder.built(read.layer());
    int inner = entry.out.channels();
    float[] before = entry.tensors[WEIGHTS];
    float[] weights = new float[biases.length * inner];
    float[] sums = new float[biases.length];
    for (int u = 0; u < biases.length; u++) {
      double bias = biases[u];
      for (int k = 0; k < inner; k++) {
        float row = rows[u * inner + k];
        bias += row * entry.tensors[BIASES][k];
        for (int i = 0; i < inner; i++) {
          weights[u * inner + i] += row * before[k * inner + i];
        }
      }
      sums[u] = (float) bias;
    }
    entry.tensors[WEIGHTS] = weights;
    entry.tensors[BIASES] = sums;
    entry.out = new Shape(biases.length, entry.out.height(), entry.out.width());
    entry.open = false;
    return true;
  }
}
