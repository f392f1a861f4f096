package dev.pare.report;

import dev.pare.candidate.Correctness;
import dev.pare.evaluate.WilsonInterval;
import java.util.Locale;

/**
 * How many examples a network got right.
 *
 * @param correct those it got right
 * @param total all of them, at least 1
 */
public record Score(int correct, int total) {
  public Score {
    if (total < 1 || correct < 0 || correct > total) {
      throw new IllegalArgumentException(correct + " correct of " + total);
    }
  }

  /** The same without telling which. */
  public static Score of(Correctness correctness) {
    return new Score(correctness.correct(), correctness.examples());
  }

  /** Share of the examples that were right. */
  public double accuracy() {
    return (double) correct / total;
  }

  /** The 95% interval of the accuracy. */
  public WilsonInterval interval() {
    return WilsonInterval.of(correct, total);
  }

  /** The share that was wrong in percent, with its 95% interval, as {@code 1.58 ± 0.25}. */
  String errorPercent() {
    return String.format(
        Locale.ROOT, "%.2f ± %.2f", 100.0 * (total - correct) / total, 100 * interval().margin());
  }
}
