package dev.pare.rewrite;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.graph.ParameterTensor;
import dev.pare.structure.ChannelGroups.Group;
import dev.pare.structure.ChannelWeights;
import dev.pare.structure.ChannelWeights.Block;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;

/**
 * Orders hidden units or channels such that each is like the one before, by the signs of the
 * weights into and out of it: a chain that begins with the unit of most weights and always goes on
 * with the one most similar (cosine) of those left.
 */
final class UnitOrder {
  // Beyond so many steps the order is left alone.
  private static final long MOST_STEPS = 4_000_000_000L;

  private final int units;
  private final byte[][] signs;
  private final int[] nonzeros;
  // For each weight that a unit may have, the units that have it.
  private final int[][] owners;

  private UnitOrder(byte[][] signs, int units) {
    this.units = units;
    this.signs = signs;
    nonzeros = new int[units];
    owners = new int[signs.length][];
    for (int feature = 0; feature < signs.length; feature++) {
      byte[] ofFeature = signs[feature];
      owners[feature] = IntStream.range(0, units).filter(unit -> ofFeature[unit] != 0).toArray();
      for (int owner : owners[feature]) {
        nonzeros[owner]++;
      }
    }
  }

  /**
   * The order of channels that can change places.
   *
   * @param groups those that go together, each a unit
   */
  static int[] ofSimilar(CompressedNetwork network, List<Group> groups) {
    UnitOrder order = new UnitOrder(signs(network, groups), groups.size());
    long steps = 0;
    for (int[] owners : order.owners) {
      steps += (long) owners.length * owners.length;
    }
    return steps > MOST_STEPS ? IntStream.range(0, order.units).toArray() : order.chain();
  }

  /** Of each weight that a unit may have, the signs of all units' weights. */
  private static byte[][] signs(CompressedNetwork network, List<Group> groups) {
    ChannelWeights weights = new ChannelWeights(network.architecture());
    Map<ParameterTensor, float[]> values = new HashMap<>();
    byte[][] signs = {};
    for (int unit = 0; unit < groups.size(); unit++) {
      List<Block> blocks =
          groups.get(unit).channels().stream()
              .flatMap(c -> weights.around(c.layer(), c.index()).stream())
              .toList();
      if (unit == 0) {
        signs = new byte[blocks.stream().mapToInt(Block::size).sum()][groups.size()];
      }
      int feature = 0;
      for (Block block : blocks) {
        ParameterTensor tensor = block.tensor();
        float[] of =
            values.computeIfAbsent(
                tensor,
                key ->
                    network
                        .tensors()
                        .get(network.architecture().tensors().indexOf(key))
                        .toFloats());
        PrimitiveIterator.OfInt indices = block.indices().iterator();
        while (indices.hasNext()) {
          signs[feature++][unit] = (byte) Math.signum(of[indices.nextInt() - tensor.offset()]);
        }
      }
    }
    return signs;
  }

  private int[] chain() {
    int[] chain = new int[units];
    boolean[] used = new boolean[units];
    int next = 0;
    for (int unit = 1; unit < units; unit++) {
      if (nonzeros[unit] > nonzeros[next]) {
        next = unit;
      }
    }
    int[] common = new int[units];
    for (int i = 0; i < units; i++) {
      chain[i] = next;
      used[next] = true;
      likeness(next, common);
      int nearest = -1;
      double most = 0;
      for (int unit = 0; unit < units; unit++) {
        double cosine = common[unit] / Math.sqrt(Math.max(1, nonzeros[unit]));
        if (!used[unit] && (nearest < 0 || cosine > most)) {
          nearest = unit;
          most = cosine;
        }
      }
      next = nearest;
    }
    return chain;
  }

  /** Puts into {@code common} the product of each unit's signs with those of one. */
  private void likeness(int unit, int[] common) {
    Arrays.fill(common, 0);
    for (int feature = 0; feature < signs.length; feature++) {
      byte[] ofFeature = signs[feature];
      int sign = ofFeature[unit];
      if (sign != 0) {
        for (int owner : owners[feature]) {
          common[owner] += sign * ofFeature[owner];
        }
      }
    }
  }
}
