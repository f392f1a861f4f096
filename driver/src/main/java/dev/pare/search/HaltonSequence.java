package dev.pare.search;

import java.util.SplittableRandom;

/** Halton's sequence (1960) with permuted digits, zero excepted (Braaten and Weller 1979). */
final class HaltonSequence {
  private final int[] bases;
  private final int[][] digits;
  private long index;

  /**
   * @param start how many points are left out
   */
  HaltonSequence(int dimensions, int start, SplittableRandom random) {
    index = start;
    bases = primes(dimensions);
    digits = new int[dimensions][];
    for (int d = 0; d < dimensions; d++) {
      digits[d] = new int[bases[d]];
      for (int i = 1; i < bases[d]; i++) {
        int j = 1 + random.nextInt(i);
        digits[d][i] = digits[d][j];
        digits[d][j] = i;
      }
    }
  }

  private static int[] primes(int count) {
    int[] primes = new int[count];
    int found = 0;
    for (int n = 2; found < count; n++) {
      boolean prime = true;
      for (int i = 0; i < found && prime; i++) {
        prime = n % primes[i] != 0;
      }
      if (prime) {
        primes[found++] = n;
      }
    }
    return primes;
  }

  /** The next point, each coordinate at least 0 and below 1. */
  double[] next() {
    index++;
    double[] point = new double[bases.length];
    for (int d = 0; d < bases.length; d++) {
      double weight = 1;
      for (long rest = index; rest > 0; rest /= bases[d]) {
        weight /= bases[d];
        point[d] += weight * digits[d][(int) (rest % bases[d])];
      }
      // Rounding may bring a long row of the largest digit to 1.
      point[d] = Math.min(point[d], Math.nextDown(1.0));
    }
    return point;
  }
}
