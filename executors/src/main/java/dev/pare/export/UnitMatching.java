package dev.pare.export;

import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.UnitMaps;
import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Finds which units of an older network those of a network are, by what leads to them: pairs are
 * made from the likeliest on, by the cosine of their weights.
 */
final class UnitMatching {
  // What is less alike is another unit.
  private static final double LEAST_COSINE = 0.25;
  // What looking may cost; units of larger layers are not looked for.
  private static final long MOST_PRODUCTS = 1L << 33;
  private static final int MOST_PAIRS = 1 << 24;

  private final Architecture now;
  private final Architecture old;
  private final List<CompressedTensor> tensors;
  private final List<CompressedTensor> oldTensors;
  private final Map<Integer, int[]> units = new HashMap<>();

  /**
   * @param tensors of the architecture now
   * @param oldTensors of the old one, which differs by its numbers of units alone
   */
  UnitMatching(
      Architecture now,
      Architecture old,
      List<CompressedTensor> tensors,
      List<CompressedTensor> oldTensors) {
    this.now = now;
    this.old = old;
    this.tensors = tensors;
    this.oldTensors = oldTensors;
  }

  /** The units of layers in chains, layer by layer. */
  UnitMaps match() {
    for (int layer : UnitMaps.layers(now, old)) {
      units.put(layer, match(layer));
    }
    return UnitMaps.of(now, old, units);
  }

  private int[] match(int layer) {
    int index = weight(layer);
    ParameterTensor place = now.tensors().get(index);
    int count = now.outputShape(layer).channels();
    int oldCount = old.outputShape(layer).channels();
    int each = place.rows() / count * place.columns();
    if ((long) count * oldCount > MOST_PAIRS
        || (long) count * oldCount * each > MOST_PRODUCTS
        || oldTensors.get(index).rows() != place.rows() / count * oldCount) {
      return unmatched(count, oldCount);
    }
    float[] were = columns(place, oldTensors.get(index));
    if (were.length != oldCount * each) {
      return unmatched(count, oldCount);
    }
    return pairs(cosines(tensors.get(index).toFloats(), were, count, oldCount, each), oldCount);
  }

  /** All of a tensor's old rows, at the columns that there are now; none where they are others. */
  private float[] columns(ParameterTensor place, CompressedTensor tensor) {
    int[] columns =
        UnitMaps.of(now, old, units)
            .columns(place)
            .orElseGet(() -> IntStream.range(0, place.columns()).toArray());
    float[] all = tensor.toFloats();
    float[] values = new float[tensor.rows() * columns.length];
    for (int i = 0; i < values.length; i++) {
      int column = columns[i % columns.length];
      if (column >= tensor.columns()) {
        return new float[0];
      }
      values[i] = column == UnitMaps.NONE ? 0 : all[i / columns.length * tensor.columns() + column];
    }
    return values;
  }

  private static int[] unmatched(int count, int oldCount) {
    int[] map = IntStream.range(0, count).toArray();
    if (count != oldCount) {
      Arrays.fill(map, UnitMaps.NONE);
    }
    return map;
  }

  private int weight(int layer) {
    List<ParameterTensor> places = now.tensors();
    for (int i = 0; i < places.size(); i++) {
      if (places.get(i).layer() == layer && places.get(i).isWeight()) {
        return i;
      }
    }
    throw new IllegalArgumentException("layer " + layer + " has no weight");
  }

  private static float[][] cosines(float[] values, float[] were, int count, int olds, int each) {
    float[][] cosines = new float[count][olds];
    int[] nonzeros = new int[each];
    double[] lengths = new double[olds];
    for (int o = 0; o < olds; o++) {
      lengths[o] = length(were, o * each, each);
    }
    for (int unit = 0; unit < count; unit++) {
      int from = unit * each;
      int kept = 0;
      for (int i = 0; i < each; i++) {
        if (values[from + i] != 0) {
          nonzeros[kept++] = i;
        }
      }
      double length = length(values, from, each);
      for (int o = 0; o < olds; o++) {
        double sum = 0;
        for (int i = 0; i < kept; i++) {
          sum += (double) values[from + nonzeros[i]] * were[o * each + nonzeros[i]];
        }
        double product = length * lengths[o];
        cosines[unit][o] = product > 0 ? (float) (sum / product) : 0;
      }
    }
    return cosines;
  }

  private static double length(float[] values, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += (double) values[i] * values[i];
    }
    return Math.sqrt(sum);
  }

  /** Pairs from the largest cosine on; of equal ones those of the first units. */
  private static int[] pairs(float[][] cosines, int olds) {
    int[] map = new int[cosines.length];
    Arrays.fill(map, UnitMaps.NONE);
    // Cosines above 0 are in the order of their bits.
    long[] order = new long[cosines.length * olds];
    for (int i = 0; i < order.length; i++) {
      long bits = Float.floatToIntBits(Math.max(0, cosines[i / olds][i % olds]));
      order[i] = -(bits << Integer.SIZE) + i;
    }
    Arrays.sort(order);
    boolean[] taken = new boolean[olds];
    for (long each : order) {
      int i = (int) each;
      int unit = i / olds;
      int other = i % olds;
      if (cosines[unit][other] < LEAST_COSINE) {
        break;
      }
      if (map[unit] == UnitMaps.NONE && !taken[other]) {
        map[unit] = other;
        taken[other] = true;
      }
    }
    return map;
  }
}
