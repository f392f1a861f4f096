package dev.pare.artifact;

import dev.pare.codec.LevelMatrix;
import java.util.Arrays;

/** The levels, of those that a tensor has, that are nearest to values of before. */
final class NearestLevels {
  // What looking for words may cost.
  private static final long MOST_COMPARISONS = 1L << 28;

  private NearestLevels() {}

  /** What is not 0. */
  static LevelMatrix mask(int rows, int columns, float[] old) {
    short[] levels = new short[old.length];
    for (int i = 0; i < old.length; i++) {
      levels[i] = (short) (old[i] == 0 ? 0 : 1);
    }
    return new LevelMatrix(rows, columns, levels);
  }

  /** Multiples of scales, one or one for each row. */
  static LevelMatrix uniform(int rows, int columns, float[] old, float[] scales) {
    short[] levels = new short[old.length];
    for (int i = 0; i < old.length; i++) {
      levels[i] = multiple(old[i], scales[scales.length == 1 ? 0 : i / columns]);
    }
    return new LevelMatrix(rows, columns, levels);
  }

  /**
   * Multiples of what would make the greatest value of each group that level.
   *
   * @param scales one for each group
   * @param group columns of one
   */
  static LevelMatrix grouped(int rows, int columns, float[] old, float[] scales, int group) {
    short[] levels = new short[old.length];
    int groups = (columns - 1) / group + 1;
    for (int i = 0; i < old.length; i++) {
      levels[i] = multiple(old[i], scales[i / columns * groups + i % columns / group]);
    }
    return new LevelMatrix(rows, columns, levels);
  }

  /** Of each group the scale by which its greatest value is that level. */
  static float[] scales(int rows, int columns, float[] old, int group, int most) {
    int groups = (columns - 1) / group + 1;
    float[] scales = new float[Math.multiplyExact(rows, groups)];
    for (int i = 0; i < old.length; i++) {
      int of = i / columns * groups + i % columns / group;
      scales[of] = Math.max(scales[of], Math.abs(old[i]) / most);
    }
    return scales;
  }

  /** What was not 0 is none of the zeros. */
  private static short multiple(float old, float scale) {
    if (old == 0 || scale == 0) {
      return 0;
    }
    int level = Math.round(old / scale);
    int most = LevelMatrix.MAX_MAGNITUDE;
    return (short) (level == 0 ? (int) Math.signum(old) : Math.max(-most, Math.min(most, level)));
  }

  /**
   * Those of a codebook.
   *
   * @param centroids ascending, none of them zero
   * @param negatives how many are negative
   */
  static LevelMatrix codebook(
      int rows, int columns, float[] old, float[] centroids, int negatives) {
    short[] levels = new short[old.length];
    for (int i = 0; i < old.length; i++) {
      int from = old[i] < 0 ? 0 : negatives;
      int to = old[i] < 0 ? negatives : centroids.length;
      if (old[i] != 0 && from < to) {
        int index = nearest(centroids, from, to, old[i]);
        levels[i] = (short) (index < negatives ? index - negatives : index - negatives + 1);
      }
    }
    return new LevelMatrix(rows, columns, levels);
  }

  private static int nearest(float[] centroids, int from, int to, float value) {
    int found = Arrays.binarySearch(centroids, from, to, value);
    if (found >= 0) {
      return found;
    }
    int above = -found - 1;
    if (above == from || above == to) {
      return above == from ? from : to - 1;
    }
    return value - centroids[above - 1] <= centroids[above] - value ? above - 1 : above;
  }

  /** Powers of two, of which level 1 has the exponent {@code least}. */
  static LevelMatrix powers(int rows, int columns, float[] old, int least) {
    int most = Math.max(0, Math.min(LevelMatrix.MAX_MAGNITUDE, Float.MAX_EXPONENT - least + 1));
    float[] table = new float[2 * most];
    for (int i = 0; i < most; i++) {
      float power = Math.scalb(1f, least + i);
      table[most + i] = power;
      table[most - 1 - i] = -power;
    }
    return codebook(rows, columns, old, table, most);
  }

  /** Words, from 1; 0 for runs of zeros. */
  static LevelMatrix words(int rows, int columns, float[] old, float[] words, int dimension) {
    int runs = ProductTensor.runs(columns, dimension);
    short[] codes = new short[Math.multiplyExact(rows, runs)];
    int count = words.length / dimension;
    if ((long) old.length * count > MOST_COMPARISONS) {
      return new LevelMatrix(rows, runs, codes);
    }
    for (int i = 0; i < codes.length; i++) {
      int from = i / runs * columns + i % runs * dimension;
      int length = Math.min(dimension, columns - i % runs * dimension);
      double least = 0;
      for (int k = 0; k < length; k++) {
        least += (double) old[from + k] * old[from + k];
      }
      for (int word = 0; word < count && least > 0; word++) {
        double distance = 0;
        for (int k = 0; k < length; k++) {
          double difference = (double) old[from + k] - words[word * dimension + k];
          distance += difference * difference;
        }
        if (distance < least) {
          least = distance;
          codes[i] = (short) (word + 1);
        }
      }
    }
    return new LevelMatrix(rows, runs, codes);
  }
}
