package dev.pare.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Columns that alone tell what is to be predicted, though they do not copy it: by thresholds, or as
 * a line through targets. Few measures do; what was computed from the label does.
 */
final class LabelTells {
  /** Of fewer examples nothing follows. */
  private static final int FEWEST = 50;

  private static final int FEWEST_OF_CLASS = 10;

  private static final int MOST_ROWS = 2000;

  /** More columns, as of large images, are left out: their order in all rows takes too long. */
  private static final int MOST_COLUMNS = 4096;

  private static final long MOST_STEPS = 200_000_000L;

  /** Wrong for so few; the petals of irises are for 4%. */
  private static final double WRONG = 0.005;

  /** And for so few of those that are not of the largest class. */
  private static final double OF_OTHERS = 0.1;

  private static final double CORRELATED = 0.999;

  private final float[][] columns;

  private LabelTells(float[][] columns) {
    this.columns = columns;
  }

  /** Of some rows, one column after the other; none of too many. */
  private static LabelTells of(Rows rows, int[] some) {
    float[][] columns = new float[rows.width() > MOST_COLUMNS ? 0 : rows.width()][some.length];
    float[] row = new float[rows.width()];
    for (int i = 0; i < some.length && columns.length > 0; i++) {
      rows.copy(some[i], row);
      for (int c = 0; c < row.length; c++) {
        columns[c][i] = row[c];
      }
    }
    return new LabelTells(columns);
  }

  private static int[] some(Examples examples) {
    return Spread.spaced(Math.min(MOST_ROWS, examples.size()), examples.size());
  }

  /**
   * Columns, counted from 1, by whose value thresholds between the classes give nearly all examples
   * their label.
   */
  static List<Integer> ofClasses(Examples examples) {
    int[] some = some(examples);
    int[] labels = IntStream.of(some).map(examples::label).toArray();
    int[] counts = new int[examples.classes()];
    IntStream.of(labels).forEach(label -> counts[label]++);
    int[] present = IntStream.range(0, counts.length).filter(c -> counts[c] > 0).toArray();
    int largest = IntStream.of(counts).max().orElse(0);
    boolean few = IntStream.of(present).anyMatch(label -> counts[label] < FEWEST_OF_CLASS);
    long steps = (long) some.length * present.length * examples.columns();
    if (some.length < FEWEST || present.length < 2 || few || steps > MOST_STEPS) {
      return List.of();
    }
    int most = (int) Math.min(WRONG * some.length, OF_OTHERS * (some.length - largest));
    LabelTells tells = of(Rows.columns(examples), some);
    List<Integer> found = new ArrayList<>();
    for (int c = 0; c < tells.columns.length; c++) {
      if (some.length - right(tells.columns[c], labels, present) <= most) {
        found.add(c + 1);
      }
    }
    return found;
  }

  /**
   * How many labels the best thresholds between classes tell, where classes are in the order of
   * their medians.
   */
  private static int right(float[] values, int[] labels, int[] present) {
    Integer[] order = order(values);
    int[] rank = byMedian(order, labels, present);
    // The most that are right up to an example whose class is the one of that rank.
    int[] best = new int[present.length];
    int[] found = new int[present.length];
    for (int i = 0; i < order.length; ) {
      Arrays.fill(found, 0);
      float value = values[order[i]];
      while (i < order.length && Float.compare(values[order[i]], value) == 0) {
        found[rank[labels[order[i++]]]]++;
      }
      for (int k = 0; k < best.length; k++) {
        best[k] = Math.max(best[k], k == 0 ? 0 : best[k - 1]);
      }
      for (int k = 0; k < best.length; k++) {
        best[k] += found[k];
      }
    }
    return IntStream.of(best).max().orElse(0);
  }

  /** What is missing comes last. */
  private static Integer[] order(float[] values) {
    Integer[] order = new Integer[values.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing(i -> values[i] + 0.0f));
    return order;
  }

  /** Which one in the order of their medians each class is. */
  private static int[] byMedian(Integer[] order, int[] labels, int[] present) {
    int classes = present[present.length - 1] + 1;
    int[] sizes = new int[classes];
    IntStream.of(labels).forEach(label -> sizes[label]++);
    int[] seen = new int[classes];
    int[] rank = new int[classes];
    int next = 0;
    for (int i : order) {
      int label = labels[i];
      if (seen[label]++ == sizes[label] / 2) {
        rank[label] = next++;
      }
    }
    return rank;
  }

  /**
   * Columns, counted from 1, that with a number of the target, or by their order with its order,
   * nearly make a line.
   *
   * @param target from 0
   */
  static List<Integer> ofTarget(Examples examples, int target) {
    int[] some = some(examples);
    if (some.length < FEWEST) {
      return List.of();
    }
    float[] targets = new float[some.length];
    float[] all = new float[examples.outputs()];
    for (int i = 0; i < some.length; i++) {
      examples.copyTarget(some[i], all, 0);
      targets[i] = all[target];
    }
    float[] ranks = ranks(targets);
    LabelTells tells = of(Rows.columns(examples), some);
    List<Integer> found = new ArrayList<>();
    for (int c = 0; c < tells.columns.length; c++) {
      float[] values = tells.columns[c];
      if (Math.abs(correlation(values, targets)) >= CORRELATED
          || Math.abs(correlation(ranks(values), ranks)) >= CORRELATED) {
        found.add(c + 1);
      }
    }
    return found;
  }

  /** Those of one value have their mean. */
  private static float[] ranks(float[] values) {
    Integer[] order = order(values);
    float[] ranks = new float[values.length];
    for (int i = 0; i < order.length; ) {
      int first = i;
      while (i < order.length && Float.compare(values[order[i]], values[order[first]]) == 0) {
        i++;
      }
      for (int k = first; k < i; k++) {
        ranks[order[k]] = (first + i - 1) / 2f;
      }
    }
    return ranks;
  }

  /** Pearson's; not a number where one of both never varies or a value is missing. */
  private static double correlation(float[] some, float[] others) {
    double mean = mean(some);
    double otherMean = mean(others);
    double product = 0;
    double square = 0;
    double otherSquare = 0;
    for (int i = 0; i < some.length; i++) {
      double value = some[i] - mean;
      double other = others[i] - otherMean;
      product += value * other;
      square += value * value;
      otherSquare += other * other;
    }
    return product / Math.sqrt(square * otherSquare);
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
