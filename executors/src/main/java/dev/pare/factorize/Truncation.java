package dev.pare.factorize;

import dev.pare.candidate.Factorize;

/** How many singular values stay. */
final class Truncation {
  private Truncation() {}

  /**
   * The rank that is asked for, at least one and no more than there are values.
   *
   * @param values singular values, descending
   * @param full the rank that shares are shares of
   */
  static int rank(Factorize settings, double[] values, int full) {
    Double energy = settings.energy();
    int rank = energy == null ? (int) Math.round(settings.rank() * full) : ofEnergy(values, energy);
    return Math.max(1, Math.min(rank, values.length));
  }

  /** The fewest that have a share of all squares. */
  private static int ofEnergy(double[] values, double share) {
    double all = 0;
    for (double value : values) {
      all += value * value;
    }
    double sum = 0;
    int rank = 0;
    while (rank < values.length && sum < share * all) {
      sum += values[rank] * values[rank];
      rank++;
    }
    return rank;
  }

  /** The product of least distance to a matrix. */
  static LowRank nearest(Factorize settings, Matrix matrix) {
    Svd svd = Svd.of(matrix);
    int full = Math.min(matrix.rows(), matrix.columns());
    return svd.product(rank(settings, svd.values(), full), svd.values());
  }

  /** With singular values that are less by a share of the largest (Cai, Candès and Shen 2010). */
  static LowRank shrunk(Factorize settings, Matrix matrix) {
    Svd svd = Svd.of(matrix);
    double taken = settings.singularThreshold() * svd.values()[0];
    double[] shrunk = new double[svd.count()];
    int rank = 0;
    while (rank < shrunk.length && svd.values()[rank] > taken) {
      shrunk[rank] = svd.values()[rank] - taken;
      rank++;
    }
    return svd.product(rank, shrunk);
  }
}
