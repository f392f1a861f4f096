package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * A metric's value on some examples, with its 95% interval.
 *
 * @param examples how many there were, at least 1
 * @param value finite; shares are from 0 to 1
 * @param low at most {@code value}
 * @param high at least {@code value}
 */
public record Estimate(Metric metric, int examples, double value, double low, double high)
    implements Serializable {
  public Estimate {
    requireNonNull(metric, "metric is null");
    if (examples < 1) {
      throw new IllegalArgumentException(metric + " of " + examples + " examples");
    }
    if (!(Double.NEGATIVE_INFINITY < low
        && low <= value
        && value <= high
        && high < Double.POSITIVE_INFINITY
        && !(metric.isShare() && (low < 0 || high > 1)))) {
      throw new IllegalArgumentException(
          metric + " of " + value + " within " + low + " to " + high + ": no estimate");
    }
  }

  /** The classification error, with Wilson's interval. */
  public static Estimate error(int correct, int examples) {
    WilsonInterval right = WilsonInterval.of(correct, examples);
    double error = (double) (examples - correct) / examples;
    return new Estimate(
        Metric.ERROR,
        examples,
        error,
        Math.min(error, 1 - right.high()),
        Math.max(error, 1 - right.low()));
  }

  /** More is better: the value, or its negative. */
  public double quality() {
    return metric.quality(value);
  }

  /** The value and half the interval's width without their unit, as {@code 1.58 ± 0.25}. */
  public String text() {
    return metric.text(value) + " ± " + metric.text((high - low) / 2);
  }
}
