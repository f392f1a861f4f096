package dev.pare.factorize;

import java.util.Arrays;

/**
 * Low rank and sparse: {@code W ≈ U·V + S} with few numbers in S, of which each is fitted to the
 * other as it is, in turns (GoDec, Zhou and Tao 2011, with steps of alternating least squares for
 * the product). The squared error never rises.
 */
final class SparseResidual {
  private static final int MOST_TURNS = 100;
  private static final double LEAST_GAIN = 1e-5;

  private SparseResidual() {}

  /**
   * @param start the product to begin with
   * @param count numbers of S
   */
  static LowRank fit(Matrix weights, LowRank start, int count) {
    Matrix right = start.right();
    Matrix sparseResidual = largest(weights.minus(start.product()), count);
    double before = Double.POSITIVE_INFINITY;
    Alternation.Factors factors = Alternation.step(weights.minus(sparseResidual), right);
    for (int turn = 0; turn < MOST_TURNS; turn++) {
      Matrix rest = weights.minus(factors.product());
      sparseResidual = largest(rest, count);
      double error = rest.minus(sparseResidual).squares();
      if (before - error <= LEAST_GAIN * error) {
        break;
      }
      before = error;
      factors = Alternation.step(weights.minus(sparseResidual), factors.right());
    }
    LowRank balanced = LowRank.balanced(factors.orthonormal(), factors.right());
    return new LowRank(balanced.left(), balanced.right(), sparseResidual);
  }

  /** All zero but the numbers of greatest magnitude; of equal ones the first. */
  static Matrix largest(Matrix matrix, int count) {
    double[] values = matrix.values();
    double[] magnitudes = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      magnitudes[i] = Math.abs(values[i]);
    }
    Matrix largest = new Matrix(matrix.rows(), matrix.columns());
    if (count == 0) {
      return largest;
    }
    double[] sorted = magnitudes.clone();
    Arrays.sort(sorted);
    double least = sorted[sorted.length - count];
    int equal = count;
    for (double magnitude : magnitudes) {
      equal -= magnitude > least ? 1 : 0;
    }
    for (int i = 0; i < values.length; i++) {
      if (magnitudes[i] > least || magnitudes[i] == least && equal-- > 0) {
        largest.values()[i] = values[i];
      }
    }
    return largest;
  }
}
