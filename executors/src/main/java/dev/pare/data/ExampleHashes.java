package dev.pare.data;

import dev.pare.candidate.Task;
import java.util.Arrays;

/**
 * Which examples are the same, label or target included: by 64 bits of each, so that a difference
 * is overlooked once in 2⁶⁴ pairs.
 */
final class ExampleHashes {
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  /** Rows and columns by which chance is estimated. */
  private static final int SAMPLED_ROWS = 256;

  private static final int SAMPLED_COLUMNS = 4096;

  /** Features by which neighbours are estimated: each takes a pass. */
  private static final int MOST_NEIGHBOURS = 16;

  private static final int NO_COLUMN = -1;

  /** Columns say the same in part, so that more rows are alike than if they did not. */
  private static final double MARGIN = 10;

  private final long[] sorted;

  private ExampleHashes(long[] sorted) {
    this.sorted = sorted;
  }

  /** In one pass, of which 8 bytes an example stay. */
  static ExampleHashes of(Examples examples) {
    return without(NO_COLUMN, examples);
  }

  /** As if examples did not have a feature. */
  private static ExampleHashes without(int column, Examples examples) {
    long[] hashes = new long[examples.size()];
    float[] features = new float[examples.features()];
    float[] target = new float[examples.task() == Task.REGRESSION ? examples.outputs() : 0];
    for (int i = 0; i < hashes.length; i++) {
      examples.copyFeatures(i, features, 0);
      if (column != NO_COLUMN) {
        features[column] = 0;
      }
      if (target.length > 0) {
        examples.copyTarget(i, target, 0);
      }
      hashes[i] = mixed(mixed(mixed(0, features), target) + examples.label(i));
    }
    Arrays.sort(hashes);
    return new ExampleHashes(hashes);
  }

  private static long mixed(long start, float[] values) {
    long hash = start;
    for (float value : values) {
      // The two zeros are one number.
      hash = mixed(hash + Float.floatToIntBits(value + 0.0f));
    }
    return hash;
  }

  private static long mixed(long value) {
    long hash = (value + 1) * MULTIPLIER;
    return hash ^ hash >>> 29;
  }

  /**
   * How many of other examples are like one of {@code examples} but for one feature, about: by some
   * of the features. What takes few values has more such neighbours than examples that are the
   * same; copies have none.
   *
   * @param same how many of the others are among {@code examples}
   */
  static double neighbours(Examples examples, Examples others, int same) {
    int[] columns =
        Spread.spaced(Math.min(MOST_NEIGHBOURS, examples.features()), examples.features());
    double neighbours = 0;
    for (int column : columns) {
      neighbours += without(column, examples).count(without(column, others)) - same;
    }
    return neighbours * examples.features() / columns.length;
  }

  int size() {
    return sorted.length;
  }

  /** How many of other examples are among these. */
  int count(ExampleHashes others) {
    int count = 0;
    for (long hash : others.sorted) {
      count += Arrays.binarySearch(sorted, hash) >= 0 ? 1 : 0;
    }
    return count;
  }

  /** How many differ from each other. */
  int distinct() {
    return (int) Arrays.stream(sorted).distinct().count();
  }

  /**
   * The most that chance explains: the share of other examples of the same distribution that are
   * among so many, were each column drawn by itself, with a margin.
   */
  static double chance(Examples examples) {
    Rows all = Rows.features(examples);
    int rows = Math.min(SAMPLED_ROWS, all.size());
    int[] columns = Spread.spaced(Math.min(SAMPLED_COLUMNS, all.width()), all.width());
    double pairs = rows * (rows - 1.0) / 2;
    double logarithm = Math.log(MARGIN * all.size());
    for (float[] values : Spread.sample(all, rows, columns)) {
      Arrays.sort(values);
      double alike = 0;
      int run = 0;
      for (int i = 1; i < rows; i++) {
        run = values[i] == values[i - 1] ? run + 1 : 0;
        alike += run;
      }
      logarithm += Math.log((alike + 1) / (pairs + 1));
    }
    return Math.min(1, Math.exp(logarithm));
  }
}
