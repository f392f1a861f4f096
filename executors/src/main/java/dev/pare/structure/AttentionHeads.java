package dev.pare.structure;

import dev.pare.graph.Architecture;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.SelfAttention;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The heads of a network's self-attention, to be taken out (Michel, Levy and Neubig 2019): rows of
 * the projections to queries, keys and values, and columns of that to the output.
 */
public final class AttentionHeads {
  private AttentionHeads() {}

  /**
   * A layer's heads.
   *
   * @param layer its index
   * @param count how many there are
   * @param width numbers of a head's queries, keys and values
   * @param channels that the layer reads
   * @param queries index of the first weight of the layer: of queries, keys, values and outputs
   */
  public record Heads(int layer, int count, int width, int channels, int queries) {
    /** The weights that read a head's values: its columns of the projection to the output. */
    public int[] outputWeights(int head) {
      int inner = count * width;
      int first = queries + 3 * inner * channels;
      int[] weights = new int[channels * width];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = first + i / width * inner + head * width + i % width;
      }
      return weights;
    }

    /** The queries' biases, which stand behind all weights. */
    private int[] queryBiases(int head) {
      int first = queries + 4 * count * width * channels + head * width;
      return IntStream.range(first, first + width).toArray();
    }

    /** The weights that make a head's queries, keys and values. */
    public int[] inputWeights(int head) {
      int each = width * channels;
      int[] weights = new int[3 * each];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = queries + i / each * count * each + head * each + i % each;
      }
      return weights;
    }
  }

  /** The heads of each layer of self-attention, from the input on. */
  public static List<Heads> of(Architecture architecture) {
    List<Heads> all = new ArrayList<>();
    for (ParameterTensor tensor : architecture.tensors()) {
      Layer layer = architecture.layers().get(tensor.layer());
      boolean first = all.isEmpty() || all.get(all.size() - 1).layer() != tensor.layer();
      if (layer instanceof SelfAttention attention && first) {
        int channels = tensor.columns();
        all.add(
            new Heads(
                tensor.layer(),
                attention.heads(),
                attention.headWidth(channels),
                channels,
                tensor.offset()));
      }
    }
    return List.copyOf(all);
  }

  private static SelfAttention.Biases biases(Architecture architecture, Heads heads) {
    return ((SelfAttention) architecture.layers().get(heads.layer())).biases();
  }

  /**
   * The network with some of its heads alone.
   *
   * @param kept for each of {@link #of}, the heads that stay, ascending, at least one
   */
  public static Network keep(Network network, List<int[]> kept) {
    Architecture architecture = network.architecture();
    List<Heads> all = of(architecture);
    if (kept.size() != all.size()) {
      throw new IllegalArgumentException(
          kept.size() + " choices for " + all.size() + " layers of self-attention");
    }
    Map<Integer, Layer> fewer = new HashMap<>();
    boolean[] gone = new boolean[network.parameters().length];
    for (int a = 0; a < all.size(); a++) {
      Heads heads = all.get(a);
      boolean[] stays = new boolean[heads.count()];
      IntStream.of(kept.get(a)).forEach(head -> stays[head] = true);
      for (int head = 0; head < stays.length; head++) {
        if (!stays[head]) {
          IntStream.of(heads.inputWeights(head)).forEach(i -> gone[i] = true);
          IntStream.of(heads.outputWeights(head)).forEach(i -> gone[i] = true);
          if (biases(architecture, heads) == SelfAttention.Biases.TRAINED) {
            IntStream.of(heads.queryBiases(head)).forEach(i -> gone[i] = true);
          }
        }
      }
      if (kept.get(a).length < heads.count()) {
        fewer.put(
            heads.layer(),
            new SelfAttention(kept.get(a).length, heads.width(), biases(architecture, heads)));
      }
    }
    Architecture smaller =
        architecture.with(i -> fewer.getOrDefault(i, architecture.layers().get(i)));
    float[] parameters = new float[smaller.parameters()];
    int at = 0;
    for (int i = 0; i < gone.length; i++) {
      if (!gone[i]) {
        parameters[at++] = network.parameters()[i];
      }
    }
    return new Network(smaller, parameters);
  }
}
