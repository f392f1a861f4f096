package dev.pare.factorize;

/**
 * Alternating least squares: for the product {@code U·V} of least error, U is fitted to V as it is
 * and V to U in turns.
 *
 * <p>Of U only the space that its columns span counts, as V is fitted next; orthonormal columns
 * stand for it, and need no equations solved.
 */
final class Alternation {
  private static final int MOST_STEPS = 200;
  private static final double LEAST_GAIN = 1e-9;

  private Alternation() {}

  /** Orthonormal columns and what they are multiplied by. */
  record Factors(Matrix orthonormal, Matrix right) {
    Matrix product() {
      return orthonormal.times(right);
    }
  }

  /**
   * The product whose error is least where errors are measured by what comes of inputs: {@code
   * tr((W − U·V)·H·(W − U·V)ᵀ)}.
   *
   * @param moments H, the inputs' second moments, symmetric
   * @param start V to begin with
   */
  static Factors fit(Matrix weights, Matrix moments, Matrix start) {
    Matrix ofInputs = weights.times(moments);
    Matrix kernel = ofInputs.times(weights.transposed());
    Matrix right = start;
    Matrix left = new Matrix(weights.rows(), start.rows());
    double before = -1;
    for (int step = 0; step < MOST_STEPS; step++) {
      left = orthonormal(ofInputs.times(right.transposed()));
      right = left.transposed().times(weights);
      // The error is tr(WHWᵀ) less this.
      double kept = trace(left, kernel);
      if (kept - before <= LEAST_GAIN * kept) {
        break;
      }
      before = kept;
    }
    return new Factors(left, right);
  }

  /** One step of each towards a matrix, all inputs counting alike. */
  static Factors step(Matrix weights, Matrix right) {
    Matrix left = orthonormal(weights.times(right.transposed()));
    return new Factors(left, left.transposed().times(weights));
  }

  private static double trace(Matrix left, Matrix kernel) {
    Matrix turned = left.transposed();
    Matrix product = turned.times(kernel);
    return Matrix.dot(product.values(), 0, turned.values(), 0, turned.values().length);
  }

  /**
   * Orthonormal columns of the same span; zero for a column that adds nothing to those before it.
   */
  private static Matrix orthonormal(Matrix matrix) {
    int n = matrix.rows();
    Matrix rows = matrix.transposed();
    double[] a = rows.values();
    for (int i = 0; i < rows.rows(); i++) {
      double before = Math.sqrt(Matrix.dot(a, i * n, a, i * n, n));
      // Twice is enough (Giraud et al. 2005).
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          Matrix.add(-Matrix.dot(a, i * n, a, j * n, n), a, j * n, a, i * n, n);
        }
      }
      double length = Math.sqrt(Matrix.dot(a, i * n, a, i * n, n));
      double scale = length > 1e-12 * before ? 1 / length : 0;
      for (int k = i * n; k < (i + 1) * n; k++) {
        a[k] *= scale;
      }
    }
    return rows.transposed();
  }
}
