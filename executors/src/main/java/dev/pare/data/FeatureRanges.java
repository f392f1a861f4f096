package dev.pare.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Of each feature, or number of a target, the two least and the two largest of its values,
 * undivided: enough to see a value that stands for a missing one, and what lies beyond.
 */
final class FeatureRanges {
  /** How many times farther than the width of all others a negative least value lies. */
  private static final double BELOW = 10;

  /** The same of a largest value: counts, amounts and dark pixels have long tails upwards. */
  private static final double ABOVE = 1000;

  private static final Set<Long> NINES = Set.of(999L, 9_999L, 99_999L, 999_999L, 9_999_999L);

  private final float[] least;
  private final float[] second;
  private final float[] secondLargest;
  private final float[] largest;

  private FeatureRanges(int features) {
    least = filled(features, Float.POSITIVE_INFINITY);
    second = filled(features, Float.POSITIVE_INFINITY);
    secondLargest = filled(features, Float.NEGATIVE_INFINITY);
    largest = filled(features, Float.NEGATIVE_INFINITY);
  }

  private static float[] filled(int length, float value) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    return values;
  }

  /** In one pass over rows of the same columns. */
  static FeatureRanges of(Rows... parts) {
    FeatureRanges ranges = new FeatureRanges(parts[0].width());
    float[] row = new float[parts[0].width()];
    for (Rows rows : parts) {
      for (int i = 0; i < rows.size(); i++) {
        rows.copy(i, row);
        ranges.add(row);
      }
    }
    return ranges;
  }

  private void add(float[] row) {
    for (int f = 0; f < row.length; f++) {
      float value = row[f];
      if (value < least[f]) {
        second[f] = least[f];
        least[f] = value;
      } else if (value > least[f] && value < second[f]) {
        second[f] = value;
      }
      if (value > largest[f]) {
        secondLargest[f] = largest[f];
        largest[f] = value;
      } else if (value < largest[f] && value > secondLargest[f]) {
        secondLargest[f] = value;
      }
    }
  }

  /** What has one value in all examples. */
  int constant() {
    int count = 0;
    for (int f = 0; f < least.length; f++) {
      count += least[f] == largest[f] ? 1 : 0;
    }
    return count;
  }

  /**
   * A value so far from all others of its feature that it may stand for a missing one.
   *
   * @param feature counted from 1
   * @param low the least of the others
   * @param high the largest of the others
   */
  record Outlier(int feature, float value, float low, float high) {}

  /** At most one of each feature. */
  List<Outlier> outliers() {
    List<Outlier> outliers = new ArrayList<>();
    for (int f = 0; f < least.length; f++) {
      double gap = (double) second[f] - least[f];
      double width = (double) largest[f] - second[f];
      double gapAbove = (double) largest[f] - secondLargest[f];
      double widthBelow = (double) secondLargest[f] - least[f];
      if (least[f] < 0 && width > 0 && gap > width * (standsForNone(least[f]) ? 1 : BELOW)) {
        outliers.add(new Outlier(f + 1, least[f], second[f], largest[f]));
      } else if (widthBelow > 0
          && gapAbove > widthBelow * (standsForNone(largest[f]) ? 1 : ABOVE)) {
        outliers.add(new Outlier(f + 1, largest[f], least[f], secondLargest[f]));
      }
    }
    return outliers;
  }

  /** Whether people write a number where there is none: 999 and the like. */
  private static boolean standsForNone(float value) {
    return NINES.contains((long) Math.abs(value)) && value == Math.rint(value);
  }

  /** The features, counted from 1, in which more than half of other rows are out of range. */
  List<Integer> outside(Rows others) {
    int[] outside = new int[least.length];
    float[] row = new float[least.length];
    for (int i = 0; i < others.size(); i++) {
      others.copy(i, row);
      for (int f = 0; f < row.length; f++) {
        outside[f] += row[f] < least[f] || row[f] > largest[f] ? 1 : 0;
      }
    }
    List<Integer> features = new ArrayList<>();
    for (int f = 0; f < outside.length; f++) {
      if (2L * outside[f] > others.size()) {
        features.add(f + 1);
      }
    }
    return features;
  }
}
