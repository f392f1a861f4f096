package dev.pare.evaluate;

import java.util.Arrays;
import java.util.Comparator;

/** The area under the ROC curve: of scores of which those of one class should be larger. */
public final class RankedScores implements Statistic {
  /** The examples by rising score. */
  private final int[] order;

  private final double[] scores;
  private final int[] labels;

  /**
   * @param labels 1 where scores should be large, else 0
   */
  RankedScores(double[] scores, int[] labels) {
    this.scores = scores;
    this.labels = labels;
    Integer[] order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> scores[i]));
    this.order = Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  /**
   * The area, each example counting once.
   *
   * @param labels 1 where scores should be large, else 0; both must occur
   */
  public static double area(double[] scores, int[] labels) {
    int[] once = new int[scores.length];
    Arrays.fill(once, 1);
    return new RankedScores(scores, labels).of(once);
  }

  @Override
  public double of(int[] weights) {
    double area = 0;
    double below = 0;
    double all = 0;
    for (int from = 0; from < order.length; ) {
      double zeros = 0;
      double ones = 0;
      double score = scores[order[from]];
      // Equal scores count half against each other.
      for (; from < order.length && scores[order[from]] == score; from++) {
        int example = order[from];
        zeros += labels[example] == 0 ? weights[example] : 0;
        ones += labels[example] == 1 ? weights[example] : 0;
      }
      area += ones * (below + zeros / 2);
      below += zeros;
      all += ones;
    }
    return area / (all * below);
  }
}
