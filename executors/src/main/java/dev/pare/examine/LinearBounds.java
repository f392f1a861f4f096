package dev.pare.examine;

import dev.pare.examine.ReluNetwork.Stage;
import java.util.List;

/**
 * The least that a linear function of a network's numbers can be while its input is within a box,
 * by linear relaxation from the output back to the input (CROWN, Zhang et al. 2018). Sound as
 * {@link Intervals} are, whose errors of sums it allows for; all roundings of its own are counted
 * and subtracted.
 */
final class LinearBounds {
  /** More than a rounding of doubles, for each number that is added to a bound. */
  private static final double ROUNDING = 0x1p-51;

  private final List<Stage> stages;
  private final Intervals intervals;

  /** The part of the bound that no input changes. */
  private double constant;

  /** The absolute values of all that was computed on the way, and how much that was. */
  private double size;

  private long operations;

  LinearBounds(List<Stage> stages, Intervals intervals) {
    this.stages = stages;
    this.intervals = intervals;
  }

  /**
   * The least.
   *
   * @param coefficients of what the last of the steps makes; overwritten
   * @param steps how many of the network's steps there are; the intervals of what they read are
   *     known
   */
  double least(double[] coefficients, int steps) {
    constant = 0;
    size = 0;
    operations = 8;
    double[] lambda = coefficients;
    for (int step = steps - 1; step >= 0; step--) {
      Stage stage = stages.get(step);
      lambda =
          switch (stage.kind()) {
            case LINEAR -> linear(stage, step, lambda);
            case RELU -> relu(step, lambda);
            case MAXIMUM -> maximum(stage, step, lambda);
          };
    }
    double[] low = intervals.low(0);
    double[] high = intervals.high(0);
    for (int i = 0; i < lambda.length; i++) {
      if (lambda[i] != 0) {
        add(lambda[i] * (lambda[i] > 0 ? low[i] : high[i]));
      }
    }
    double bound = constant - ROUNDING * operations * size;
    return Double.isNaN(bound) ? Double.NEGATIVE_INFINITY : Math.nextDown(bound);
  }

  private void add(double term) {
    constant += term;
    size += Math.abs(term);
    operations++;
  }

  private double[] linear(Stage stage, int step, double[] lambda) {
    SparseRows rows = stage.rows();
    double[] error = intervals.error(step);
    double[] before = new double[stage.inputs()];
    for (int i = 0; i < lambda.length; i++) {
      double l = lambda[i];
      if (l == 0) {
        continue;
      }
      add(l * rows.bias(i));
      // What sums may be off by is also more than what this function's coefficients may be.
      add(-Math.abs(l) * error[i]);
      for (int k = rows.start(i); k < rows.start(i + 1); k++) {
        before[rows.column(k)] += l * rows.weight(k);
      }
    }
    count(before, step);
    return before;
  }

  /** Counts the roundings of coefficients by how much they can change the bound. */
  private void count(double[] coefficients, int step) {
    double[] low = intervals.low(step);
    double[] high = intervals.high(step);
    for (int i = 0; i < coefficients.length; i++) {
      if (coefficients[i] != 0) {
        size += Math.abs(coefficients[i]) * Math.max(Math.abs(low[i]), Math.abs(high[i]));
        operations++;
      }
    }
  }

  private double[] relu(int step, double[] lambda) {
    double[] low = intervals.low(step);
    double[] high = intervals.high(step);
    double[] before = new double[lambda.length];
    for (int i = 0; i < lambda.length; i++) {
      double l = lambda[i];
      if (Double.isNaN(low[i]) || Double.isNaN(high[i])) {
        // Nothing is known of it, and no line is below what may be no number.
        add(Double.NEGATIVE_INFINITY);
        continue;
      }
      if (l == 0 || high[i] <= 0) {
        continue;
      }
      if (low[i] >= 0) {
        before[i] = l;
      } else if (l > 0) {
        // Above a line through zero: of slope 1 or 0, whichever lies closer.
        before[i] = high[i] > -low[i] ? l : 0;
      } else {
        // Below the line from (low, 0) to (high, high), rounded so that it lies above both.
        double slope = Math.nextUp(high[i] / Math.nextDown(high[i] - low[i]));
        before[i] = l * slope;
        add(l * Math.nextUp(-slope * low[i]));
      }
    }
    count(before, step);
    return before;
  }

  private double[] maximum(Stage stage, int step, double[] lambda) {
    SparseRows rows = stage.rows();
    double[] low = intervals.low(step);
    double[] high = intervals.high(step);
    double[] before = new double[stage.inputs()];
    for (int i = 0; i < lambda.length; i++) {
      if (lambda[i] == 0 || rows.start(i) == rows.start(i + 1)) {
        continue;
      }
      int best = rows.column(rows.start(i));
      double most = Double.NEGATIVE_INFINITY;
      for (int k = rows.start(i); k < rows.start(i + 1); k++) {
        int column = rows.column(k);
        best = low[column] > low[best] ? column : best;
      }
      for (int k = rows.start(i); k < rows.start(i + 1); k++) {
        most = rows.column(k) == best ? most : Math.max(most, high[rows.column(k)]);
      }
      // The maximum is at least any of its inputs; it is this one if no other can be above.
      if (lambda[i] > 0 || low[best] >= most) {
        before[best] += lambda[i];
      } else {
        add(lambda[i] * Math.max(most, high[best]));
      }
    }
    count(before, step);
    return before;
  }
}
