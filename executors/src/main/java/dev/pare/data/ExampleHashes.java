package dev.pare.data;

import dev.pare.candidate.Task;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Which examples are the same: by 64 bits of each, so that a difference is overlooked once in 2⁶⁴
 * pairs.
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

  /** What of examples is compared. */
  enum Compared {
    /** Features, and the label or target. */
    ALL,
    FEATURES
  }

  private final Examples examples;
  private final Compared compared;
  private final long[] sorted;

  private ExampleHashes(Examples examples, Compared compared, long[] sorted) {
    this.examples = examples;
    this.compared = compared;
    this.sorted = sorted;
  }

  /** In one pass, of which 8 bytes an example stay. */
  static ExampleHashes of(Examples examples, Compared compared) {
    return new ExampleHashes(examples, compared, hashes(examples, compared, NO_COLUMN));
  }

  /** As if examples did not have a feature. */
  private ExampleHashes without(int column) {
    return new ExampleHashes(examples, compared, hashes(examples, compared, column));
  }

  private static long[] hashes(Examples examples, Compared compared, int column) {
    Hash hash = new Hash(examples, compared, column);
    long[] hashes = new long[examples.size()];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = hash.of(i);
    }
    Arrays.sort(hashes);
    return hashes;
  }

  /** Of one example after the other. */
  private static final class Hash {
    private final Examples examples;
    private final boolean labelled;
    private final int column;
    private final float[] features;
    private final float[] target;

    Hash(Examples examples, Compared compared, int column) {
      this.examples = examples;
      this.labelled = compared == Compared.ALL;
      this.column = column;
      this.features = new float[examples.features()];
      boolean targets = labelled && examples.task() == Task.REGRESSION;
      this.target = new float[targets ? examples.outputs() : 0];
    }

    long of(int example) {
      examples.copyFeatures(example, features, 0);
      if (column != NO_COLUMN) {
        features[column] = 0;
      }
      if (target.length > 0) {
        examples.copyTarget(example, target, 0);
      }
      return mixed(mixed(mixed(0, features), target) + (labelled ? examples.label(example) : 0));
    }
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
   * How many of other examples are like one of these but for one feature, about: by some of the
   * features. What takes few values has more such neighbours than examples that are the same;
   * copies have none.
   *
   * @param same how many of the others are among these
   */
  double neighbours(ExampleHashes others, int same) {
    return ofColumns(column -> without(column).count(others.without(column)) - same);
  }

  /** How many of these are like another but for one feature, about. */
  double neighbours() {
    int distinct = distinct();
    return ofColumns(column -> distinct - without(column).distinct());
  }

  private double ofColumns(IntToDoubleFunction neighbours) {
    int features = examples.features();
    int[] columns = Spread.spaced(Math.min(MOST_NEIGHBOURS, features), features);
    return Arrays.stream(columns).mapToDouble(neighbours).sum() * features / columns.length;
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

  /** Whether all of other examples are among these. */
  boolean hasAllOf(ExampleHashes others) {
    return count(others) == others.size();
  }

  /** How many are the same as each other, at most. */
  int most() {
    int most = 0;
    int run = 0;
    for (int i = 0; i < sorted.length; i++) {
      run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
      most = Math.max(most, run);
    }
    return most;
  }

  /** The features of the first one of which there are {@link #most}. */
  float[] mostFrequent() {
    int most = most();
    int last = most - 1;
    while (sorted[last] != sorted[last - most + 1]) {
      last++;
    }
    Hash hash = new Hash(examples, compared, NO_COLUMN);
    int example = 0;
    while (hash.of(example) != sorted[last]) {
      example++;
    }
    return hash.features;
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
    return Math.min(1, Math.exp(Math.log(MARGIN * examples.size()) + logAlike(examples)));
  }

  /** The same of examples that are all alike. */
  static double commonest(Examples examples) {
    // A sum of squares is at least that of the largest alone.
    return Math.min(1, Math.exp(Math.log(MARGIN) + logAlike(examples) / 2));
  }

  /** The logarithm of the chance that two examples are alike. */
  private static double logAlike(Examples examples) {
    Rows all = Rows.features(examples);
    int rows = Math.min(SAMPLED_ROWS, all.size());
    int[] columns = Spread.spaced(Math.min(SAMPLED_COLUMNS, all.width()), all.width());
    double pairs = rows * (rows - 1.0) / 2;
    double logarithm = 0;
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
    return logarithm;
  }
}
