package dev.pare.candidate;

import java.io.Serializable;

/**
 * The 95% score interval of a share (Wilson 1927), without continuity correction. Unlike the normal
 * approximation it stays within 0 and 1 and is sound near them, where good networks are.
 *
 * @param low lower bound of the share
 * @param high upper bound of the share
 */
public record WilsonInterval(double low, double high) implements Serializable {
  /** The 97.5% quantile of the normal distribution. */
  public static final double Z = 1.959964;

  public WilsonInterval {
    if (!(0 <= low && low <= high && high <= 1)) {
      throw new IllegalArgumentException("not an interval of shares: " + low + " to " + high);
    }
  }

  /**
   * The interval around {@code successes / trials}.
   *
   * @throws IllegalArgumentException unless {@code 0 ≤ successes ≤ trials} and {@code trials ≥ 1}
   */
  public static WilsonInterval of(int successes, int trials) {
    if (trials < 1 || successes < 0 || successes > trials) {
      throw new IllegalArgumentException(successes + " successes in " + trials + " trials");
    }
    double share = (double) successes / trials;
    double z2 = Z * Z;
    double center = (share + z2 / (2.0 * trials)) / (1 + z2 / trials);
    double margin =
        Z
            * Math.sqrt(share * (1 - share) / trials + z2 / (4.0 * trials * trials))
            / (1 + z2 / trials);
    // At the ends the bound is exact in real arithmetic, and off by a rounding in this one.
    double low = successes == 0 ? 0 : Math.max(0, center - margin);
    double high = successes == trials ? 1 : Math.min(1, center + margin);
    return new WilsonInterval(low, high);
  }

  /** Half the interval's width. */
  public double margin() {
    return (high - low) / 2;
  }
}
