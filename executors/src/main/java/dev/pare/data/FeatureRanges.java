package dev.pare.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Of each feature, or number of a target, the least and the largest of its values, undivided:
 * enough to see values that stand for missing ones, and what lies beyond.
 */
final class FeatureRanges {
  /** Two values that stand for a missing one at each end, and the three next to them. */
  private static final int KEPT = 5;

  /** How many times farther than the width of all others a negative value lies. */
  private static final double BELOW = 10;

  /** The same of a largest value: counts, amounts and dark pixels have long tails upwards. */
  private static final double ABOVE = 1000;

  /** A short one is so far, as a share of that width, where there are several. */
  private static final double OF_SEVERAL = 0.1;

  /** And so many times as far as the next value from the one behind it. */
  private static final double SPACINGS = 2;

  /** A short one is in this share of the examples, and so many others are not missing. */
  private static final double LEAST_SHARE = 0.01;

  private static final int FEWEST_OTHERS = 50;

  /** What is no known code is there so often. */
  private static final int FEWEST_REPEATED = 5;

  /** Values of fewer floats are hardly told apart. */
  private static final int FEWEST_STEPS = 256;

  private final Rows[] parts;

  private final Ends least;

  /** Of the values with their signs changed. */
  private final Ends largest;

  private int size;

  private FeatureRanges(Rows[] parts) {
    this.parts = parts;
    int features = parts[0].width();
    least = new Ends(features);
    largest = new Ends(features);
  }

  /** In one pass over rows of the same columns. */
  static FeatureRanges of(Rows... parts) {
    FeatureRanges ranges = new FeatureRanges(parts);
    float[] row = new float[parts[0].width()];
    for (Rows rows : parts) {
      ranges.size += rows.size();
      for (int i = 0; i < rows.size(); i++) {
        rows.copy(i, row);
        for (int f = 0; f < row.length; f++) {
          // Twice the zero of one sign would be two values.
          float value = row[f] + 0.0f;
          ranges.least.add(f, value);
          ranges.largest.add(f, 0.0f - value);
        }
      }
    }
    return ranges;
  }

  /** The least values of each feature that differ, ascending, and how often each is there. */
  private static final class Ends {
    private final float[] values;
    private final int[] counts;

    Ends(int features) {
      values = new float[Math.multiplyExact(features, KEPT)];
      counts = new int[values.length];
      Arrays.fill(values, Float.POSITIVE_INFINITY);
    }

    void add(int feature, float value) {
      int first = feature * KEPT;
      int last = first + KEPT - 1;
      // What is not a number is none of them.
      if (!(value <= values[last])) {
        return;
      }
      int at = first;
      while (values[at] < value) {
        at++;
      }
      if (values[at] != value) {
        System.arraycopy(values, at, values, at + 1, last - at);
        System.arraycopy(counts, at, counts, at + 1, last - at);
        values[at] = value;
        counts[at] = 0;
      }
      counts[at]++;
    }

    float value(int feature, int which) {
      return values[feature * KEPT + which];
    }

    int count(int feature, int which) {
      return counts[feature * KEPT + which];
    }
  }

  private int features() {
    return least.values.length / KEPT;
  }

  private float least(int feature) {
    return least.value(feature, 0);
  }

  private float largest(int feature) {
    return -largest.value(feature, 0);
  }

  /** What has one value in all examples. */
  int constant() {
    return (int) IntStream.range(0, features()).filter(f -> least(f) == largest(f)).count();
  }

  /** Those with one value in all examples, counted from 1. */
  List<Integer> constants() {
    return IntStream.range(0, features())
        .filter(f -> least(f) == largest(f))
        .mapToObj(f -> f + 1)
        .toList();
  }

  /** Whether the first one has two values, and no more. */
  boolean hasTwoValues() {
    return Float.isFinite(least.value(0, 1)) && !Float.isFinite(least.value(0, 2));
  }

  /**
   * Values so far from all others of their feature that they may stand for missing ones.
   *
   * @param feature counted from 1
   * @param values ascending
   * @param low the least of the others
   * @param high the largest of the others
   */
  record Outlier(int feature, List<Float> values, float low, float high) {
    Outlier {
      values = List.copyOf(values);
    }
  }

  /**
   * At most one of each feature. In images and sequences they are known codes alone: a dark or a
   * white pixel, and what fills a sequence up, lie apart from the others, too.
   */
  List<Outlier> outliers(ExampleShape shape) {
    return shape.height() == 1 && shape.width() == 1 ? outliers() : codes();
  }

  /** At most one of each feature, those without an order in space or time. */
  List<Outlier> outliers() {
    List<Outlier> outliers = codes();
    Set<Integer> known = outliers.stream().map(Outlier::feature).collect(Collectors.toSet());
    int[] left =
        IntStream.range(0, features())
            .filter(f -> !known.contains(f + 1) && (isRepeated(least, f) || isRepeated(largest, f)))
            .toArray();
    IsolatedValues values = IsolatedValues.of(left, parts);
    for (int k = 0; k < left.length; k++) {
      int f = left[k];
      double spacing = ((double) least.value(f, KEPT - 1) - least.value(f, 1)) / (KEPT - 2);
      if (isRepeated(least, f) && values.isLeast(k, least(f), least.value(f, 1), spacing)) {
        outliers.add(new Outlier(f + 1, List.of(least(f)), least.value(f, 1), largest(f)));
      } else if (isRepeated(largest, f) && values.isLargest(k, largest(f), -largest.value(f, 1))) {
        outliers.add(new Outlier(f + 1, List.of(largest(f)), least(f), -largest.value(f, 1)));
      }
    }
    outliers.sort(Comparator.comparing(Outlier::feature));
    return outliers;
  }

  /** Whether the outermost value is there often, but is not the usual one. */
  private boolean isRepeated(Ends ends, int f) {
    return isRepeated(ends.count(f, 0)) && Float.isFinite(ends.value(f, KEPT - 1));
  }

  private boolean isRepeated(int count) {
    return count >= Math.max(FEWEST_REPEATED, LEAST_SHARE * size)
        && 2L * count <= size
        && size - count >= FEWEST_OTHERS;
  }

  private List<Outlier> codes() {
    List<Outlier> outliers = new ArrayList<>();
    for (int f = 0; f < features(); f++) {
      outlier(f, outliers);
    }
    return outliers;
  }

  /** Whether one of such values of other rows is beyond all that there are here. */
  boolean isBeyond(Outlier other) {
    int feature = other.feature() - 1;
    return other.values().stream()
        .anyMatch(value -> value < least(feature) || value > largest(feature));
  }

  /** The most values that may stand for missing ones, if any: at most two at either end. */
  private void outlier(int f, List<Outlier> outliers) {
    for (int count = 4; count > 0; count--) {
      for (int below = Math.min(2, count); below >= Math.max(0, count - 2); below--) {
        if (areOutliers(f, below, count - below)) {
          List<Float> values = new ArrayList<>();
          for (int i = 0; i < below; i++) {
            values.add(least.value(f, i));
          }
          for (int i = count - below; i > 0; i--) {
            values.add(-largest.value(f, i - 1));
          }
          outliers.add(
              new Outlier(f + 1, values, least.value(f, below), -largest.value(f, count - below)));
          return;
        }
      }
    }
  }

  private boolean areOutliers(int f, int below, int above) {
    float low = least.value(f, below);
    float high = -largest.value(f, above);
    if (!(low < high)) {
      return false;
    }
    boolean several = below + above > 1;
    for (int i = 0; i < below; i++) {
      if (!isOutlier(least, f, i, below, (double) high - low, several)) {
        return false;
      }
    }
    for (int i = 0; i < above; i++) {
      if (!isOutlier(largest, f, i, above, (double) high - low, several)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a value stands for none, given how many at its end do.
   *
   * @param width of all values but those
   */
  private boolean isOutlier(
      Ends ends, int f, int which, int outliers, double width, boolean several) {
    boolean isLeast = ends == least;
    float value = isLeast ? ends.value(f, which) : -ends.value(f, which);
    if (isLeast && value >= 0) {
      return false;
    }
    int count = ends.count(f, which);
    double distance = (double) ends.value(f, outliers) - ends.value(f, which);
    return switch (MissingCode.of(value)) {
      case LONG -> distance > width;
      case SHORT -> {
        double spacing = (double) ends.value(f, outliers + 1) - ends.value(f, outliers);
        boolean far =
            several
                ? distance > OF_SEVERAL * width && distance >= SPACINGS * spacing
                : distance > width;
        yield far
            && spacing < width
            && count >= LEAST_SHARE * size
            && size - count >= Math.max(count, FEWEST_OTHERS);
      }
      case TYPED -> distance > width && isRepeated(count);
      // What most have is the usual value.
      case NONE -> !several && 2L * count <= size && distance > width * (isLeast ? BELOW : ABOVE);
    };
  }

  /**
   * Numbers so large that floats are too far apart for how much they vary, as of times in seconds.
   *
   * @param feature counted from 1
   * @param most the largest magnitude
   * @param step between floats of that size
   * @param width between the least value and the largest
   */
  record Coarse(int feature, float most, float step, double width) {}

  /** Whether so few floats are within a width. */
  static boolean isCoarse(float most, double width) {
    return most >= MergedNumbers.INEXACT && width < (double) FEWEST_STEPS * Math.ulp(most);
  }

  /** At most one of each feature. */
  List<Coarse> coarse() {
    List<Coarse> coarse = new ArrayList<>();
    for (int f = 0; f < features(); f++) {
      float most = Math.max(-least(f), largest(f));
      double width = (double) largest(f) - least(f);
      if (isCoarse(most, width)) {
        coarse.add(new Coarse(f + 1, most, Math.ulp(most), width));
      }
    }
    return coarse;
  }

  /** The features, counted from 1, in which more than half of other rows are out of range. */
  List<Integer> outside(Rows others) {
    int[] outside = new int[features()];
    float[] row = new float[features()];
    for (int i = 0; i < others.size(); i++) {
      others.copy(i, row);
      for (int f = 0; f < row.length; f++) {
        outside[f] += row[f] < least(f) || row[f] > largest(f) ? 1 : 0;
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
