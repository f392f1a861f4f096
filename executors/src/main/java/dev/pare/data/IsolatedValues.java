package dev.pare.data;

import java.util.Arrays;

/**
 * Whether a value that some examples have in common lies apart from all others of its feature, so
 * that it may stand for a missing one though nobody writes it for such as a rule. What has a long
 * tail, as counts and amounts, has values in between.
 */
final class IsolatedValues {
  private static final int MOST_ROWS = 4096;

  /** Others of fewer values are choices rather than measures. */
  private static final int FEWEST_DISTINCT = 10;

  /** The most unusual of the others at either end, as a share of them. */
  private static final double TAIL = 0.005;

  private static final double QUARTER = 0.25;

  /**
   * How far below all others a zero lies, as a share of how wide these are: measures of people and
   * things are well above zero, and zero is what forms are filled in with.
   */
  private static final double OF_ZERO = 0.2;

  /** And so many times as far as the least of the others from each other. */
  private static final double SPACINGS = 4;

  /** Some of each feature's values. */
  private final float[][] some;

  private IsolatedValues(float[][] some) {
    this.some = some;
  }

  /**
   * @param features from 0
   * @param parts rows of the same columns
   */
  static IsolatedValues of(int[] features, Rows... parts) {
    int size = Arrays.stream(parts).mapToInt(Rows::size).sum();
    int[] spaced = Spread.spaced(features.length == 0 ? 0 : Math.min(MOST_ROWS, size), size);
    float[][] some = new float[features.length][spaced.length];
    float[] row = new float[parts[0].width()];
    for (int i = 0; i < spaced.length; i++) {
      int index = spaced[i];
      int part = 0;
      while (index >= parts[part].size()) {
        index -= parts[part++].size();
      }
      parts[part].copy(index, row);
      for (int k = 0; k < features.length; k++) {
        some[k][i] = row[features[k]];
      }
    }
    return new IsolatedValues(some);
  }

  /**
   * @param k which of the features
   * @param next the least of the others
   * @param spacing the mean one between the least of the others
   */
  boolean isLeast(int k, float value, float next, double spacing) {
    double gap = (double) next - value;
    double width = width(k, value);
    return gap > width || value == 0 && gap > OF_ZERO * width && gap >= SPACINGS * spacing;
  }

  /**
   * @param k which of the features
   * @param next the largest of the others
   */
  boolean isLargest(int k, float value, float next) {
    return (double) value - next > width(k, value);
  }

  /** Between nearly all of the other values; infinite where these are too few or mostly one. */
  private double width(int k, float value) {
    float[] others = new float[some[k].length];
    int count = 0;
    for (float each : some[k]) {
      if (each != value && !Float.isNaN(each)) {
        others[count++] = each;
      }
    }
    Arrays.sort(others, 0, count);
    int distinct = count == 0 ? 0 : 1;
    for (int i = 1; i < count && distinct < FEWEST_DISTINCT; i++) {
      distinct += others[i] > others[i - 1] ? 1 : 0;
    }
    return distinct < FEWEST_DISTINCT || between(others, count, QUARTER) == 0
        ? Double.POSITIVE_INFINITY
        : between(others, count, TAIL);
  }

  private static double between(float[] sorted, int count, double tail) {
    int first = (int) (tail * count);
    return (double) sorted[count - 1 - first] - sorted[first];
  }
}
