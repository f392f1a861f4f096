package dev.pare.search;

import java.util.SplittableRandom;

/** How likely each of an axis' values is, given the one at the centre. */
interface Kernel {
  /** The logarithm of the probability of the value of a rank. */
  double log(int rank, int centre);

  /** The rank of a value drawn by these probabilities. */
  int draw(int centre, SplittableRandom random);

  /**
   * Of numbers, by their ranks: a Gaussian at whole numbers alone, cut off at both ends.
   *
   * @param values how many there are
   * @param deviation above 0, in ranks
   */
  static Kernel gaussian(int values, double deviation) {
    double[] heights = new double[values];
    double[] below = new double[values];
    double height = 0;
    for (int i = 0; i < values; i++) {
      heights[i] = StrictMath.exp(-0.5 * i * i / (deviation * deviation));
      height += heights[i];
      below[i] = height;
    }
    double[] sums = new double[values];
    double[] logs = new double[values];
    for (int centre = 0; centre < values; centre++) {
      sums[centre] = below[centre] + below[values - 1 - centre] - heights[0];
      logs[centre] = StrictMath.log(sums[centre]);
    }
    return new Kernel() {
      @Override
      public double log(int rank, int centre) {
        double distance = (rank - centre) / deviation;
        return -0.5 * distance * distance - logs[centre];
      }

      @Override
      public int draw(int centre, SplittableRandom random) {
        double left = random.nextDouble() * sums[centre];
        int rank = 0;
        while (rank < values - 1 && left >= heights[Math.abs(rank - centre)]) {
          left -= heights[Math.abs(rank - centre)];
          rank++;
        }
        return rank;
      }
    };
  }

  /**
   * Of words (Aitchison and Aitken 1976): all others are as likely as each other.
   *
   * @param values how many there are
   * @param others how likely all others are together, at most what makes all alike
   */
  static Kernel words(int values, double others) {
    double other = values == 1 ? 0 : others / (values - 1);
    double logOther = StrictMath.log(other);
    double logSame = values == 1 ? 0 : StrictMath.log(1 - others);
    return new Kernel() {
      @Override
      public double log(int rank, int centre) {
        return rank == centre ? logSame : logOther;
      }

      @Override
      public int draw(int centre, SplittableRandom random) {
        double left = random.nextDouble();
        if (values == 1 || left >= others) {
          return centre;
        }
        int rank = Math.min(values - 2, (int) (left / other));
        return rank < centre ? rank : rank + 1;
      }
    };
  }
}
