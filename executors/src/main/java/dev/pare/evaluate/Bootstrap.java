package dev.pare.evaluate;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The 95% percentile interval of the bootstrap (Efron 1979): a statistic of examples that are drawn
 * with replacement from those there are, many times. The same examples are drawn every time that it
 * is asked, and for all networks.
 */
final class Bootstrap {
  private static final long SEED = 0x9E3779B97F4A7C15L;
  private static final int MOST_SAMPLES = 1000;
  private static final int FEWEST_SAMPLES = 200;

  /** Beyond it there are fewer samples: intervals of so many examples are narrow anyway. */
  private static final long DRAWS = 20_000_000;

  private static final double TAIL = 0.025;

  private Bootstrap() {}

  /**
   * The statistic's low and high end.
   *
   * @param strata the stratum of each example, from 0: as many examples of each are drawn as there
   *     are
   */
  static double[] interval(Statistic statistic, int[] strata) {
    int[][] members = members(strata);
    int samples =
        (int) Math.max(FEWEST_SAMPLES, Math.min(MOST_SAMPLES, DRAWS / Math.max(1, strata.length)));
    double[] values = new double[samples];
    int[] weights = new int[strata.length];
    SplittableRandom random = new SplittableRandom(SEED);
    for (int sample = 0; sample < samples; sample++) {
      Arrays.fill(weights, 0);
      for (int[] own : members) {
        for (int i = 0; i < own.length; i++) {
          weights[own[random.nextInt(own.length)]]++;
        }
      }
      values[sample] = statistic.of(weights);
    }
    Arrays.sort(values);
    return new double[] {quantile(values, TAIL), quantile(values, 1 - TAIL)};
  }

  private static int[][] members(int[] strata) {
    int[] counts = new int[Arrays.stream(strata).max().orElse(0) + 1];
    for (int stratum : strata) {
      counts[stratum]++;
    }
    int[][] members = new int[counts.length][];
    Arrays.setAll(members, stratum -> new int[counts[stratum]]);
    int[] next = new int[counts.length];
    for (int i = 0; i < strata.length; i++) {
      members[strata[i]][next[strata[i]]++] = i;
    }
    return members;
  }

  /** On the straight line between the two values next to it. */
  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
