package dev.pare.factorize;

import org.jspecify.annotations.Nullable;

/**
 * A matrix as a product of narrow ones, and what may be added to it.
 *
 * @param left U, {@code [rows × rank]}
 * @param right V, {@code [rank × columns]}
 * @param sparseResidual S, {@code [rows × columns]}, or null for none
 */
record LowRank(Matrix left, Matrix right, @Nullable Matrix sparseResidual) {
  LowRank {
    if (left.columns() != right.rows()) {
      throw new IllegalArgumentException(left.columns() + " columns for " + right.rows() + " rows");
    }
  }

  LowRank(Matrix left, Matrix right) {
    this(left, right, null);
  }

  /**
   * The product of orthonormal columns and anything, in the form of its singular value
   * decomposition: a root of each singular value in either factor.
   */
  static LowRank balanced(Matrix orthonormal, Matrix right) {
    Svd svd = Svd.of(right);
    LowRank inner = svd.product(svd.count(), svd.values());
    return new LowRank(orthonormal.times(inner.left), inner.right);
  }

  int rank() {
    return left.columns();
  }

  /** The matrix itself. */
  Matrix product() {
    Matrix product = left.times(right);
    if (sparseResidual != null) {
      Matrix.add(1, sparseResidual.values(), 0, product.values(), 0, product.values().length);
    }
    return product;
  }

  /** With V's and S's columns put into those of a wider matrix that are {@code kept}. */
  LowRank spread(int[] kept, int width) {
    return new LowRank(
        left,
        right.spread(kept, width),
        sparseResidual == null ? null : sparseResidual.spread(kept, width));
  }
}
