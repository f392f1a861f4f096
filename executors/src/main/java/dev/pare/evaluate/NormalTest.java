package dev.pare.evaluate;

import dev.pare.candidate.Estimate;
import dev.pare.candidate.WilsonInterval;

/**
 * Whether two values differ, judged by their standard errors: were they equal, their difference
 * would be normally distributed about zero. Two-sided.
 *
 * @param difference of the values
 * @param standardError of the difference, at least 0
 */
public record NormalTest(double difference, double standardError) {
  public NormalTest {
    if (Double.isNaN(difference) || !(standardError >= 0)) {
      throw new IllegalArgumentException(difference + " with a standard error of " + standardError);
    }
  }

  /** Compares two estimates, made of different examples or as if they were. */
  public static NormalTest of(Estimate first, Estimate second) {
    return new NormalTest(first.value() - second.value(), Math.hypot(error(first), error(second)));
  }

  /** Compares an estimate with a number that is known. */
  public static NormalTest of(Estimate estimate, double known) {
    return new NormalTest(estimate.value() - known, error(estimate));
  }

  private static double error(Estimate estimate) {
    return (estimate.high() - estimate.low()) / (2 * WilsonInterval.Z);
  }

  /** How likely a difference as large or larger is if there is none, from 0 to 1. */
  public double pValue() {
    if (difference == 0) {
      return 1;
    }
    return standardError == 0 ? 0 : erfc(Math.abs(difference) / standardError / Math.sqrt(2));
  }

  /** The complementary error function to 10⁻⁷ (Abramowitz and Stegun 1964, 7.1.26). */
  private static double erfc(double x) {
    double t = 1 / (1 + 0.3275911 * x);
    double sum =
        t
            * (0.254829592
                + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    return sum * StrictMath.exp(-x * x);
  }
}
