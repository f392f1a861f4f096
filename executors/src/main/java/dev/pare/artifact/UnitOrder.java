package dev.pare.artifact;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Orders hidden units such that each is like the one before, by the signs of the weights into and
 * out of it: a chain that begins with the unit of most weights and always goes on with the one most
 * similar (cosine) of those left.
 */
final class UnitOrder {
  // Beyond so many steps the order is left alone.
  private static final long MOST_STEPS = 4_000_000_000L;

  private final int units;
  private final byte[][] signs;
  private final int[] nonzeros;
  // For each weight that a unit may have, the units that have it.
  private final int[][] owners;

  private UnitOrder(CompressedTensor weight, CompressedTensor nextWeight) {
    units = weight.rows();
    int inputs = weight.columns();
    int fanOut = nextWeight.columns() / units;
    int features = inputs + nextWeight.rows() * fanOut;
    signs = new byte[features][units];
    nonzeros = new int[units];
    float[] incoming = weight.toFloats();
    float[] outgoing = nextWeight.toFloats();
    for (int i = 0; i < incoming.length; i++) {
      signs[i % inputs][i / inputs] = (byte) Math.signum(incoming[i]);
    }
    for (int i = 0; i < outgoing.length; i++) {
      int row = i / nextWeight.columns();
      int column = i % nextWeight.columns();
      signs[inputs + row * fanOut + column % fanOut][column / fanOut] =
          (byte) Math.signum(outgoing[i]);
    }
    owners = new int[features][];
    for (int feature = 0; feature < features; feature++) {
      byte[] ofFeature = signs[feature];
      owners[feature] = IntStream.range(0, units).filter(unit -> ofFeature[unit] != 0).toArray();
      for (int owner : owners[feature]) {
        nonzeros[owner]++;
      }
    }
  }

  /**
   * The order of the units that are the rows of {@code weight} and read by {@code nextWeight}, in
   * blocks of columns.
   */
  static int[] ofSimilar(CompressedTensor weight, CompressedTensor nextWeight) {
    UnitOrder order = new UnitOrder(weight, nextWeight);
    long steps = 0;
    for (int[] owners : order.owners) {
      steps += (long) owners.length * owners.length;
    }
    return steps > MOST_STEPS ? IntStream.range(0, order.units).toArray() : order.chain();
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
