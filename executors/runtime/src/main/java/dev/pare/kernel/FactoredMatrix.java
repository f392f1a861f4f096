package dev.pare.kernel;

import java.util.List;

/** A product of two matrices, to which another one may be added; neither is multiplied out. */
final class FactoredMatrix implements Matrix {
  private final Matrix left;
  private final Matrix right;
  private final List<Matrix> remainder;

  /**
   * @param remainder one that is added, or none
   */
  FactoredMatrix(Matrix left, Matrix right, List<Matrix> remainder) {
    this.left = left;
    this.right = right;
    this.remainder = List.copyOf(remainder);
  }

  @Override
  public int rows() {
    return left.rows();
  }

  @Override
  public int columns() {
    return right.columns();
  }

  @Override
  public void column(int column, float[] target) {
    float[] inner = new float[right.rows()];
    right.column(column, inner);
    float[] sums = new float[rows()];
    left.multiply(inner, sums);
    System.arraycopy(sums, 0, target, 0, sums.length);
    for (Matrix matrix : remainder) {
      matrix.column(column, sums);
      for (int row = 0; row < sums.length; row++) {
        target[row] += sums[row];
      }
    }
  }

  @Override
  public void multiply(float[] vector, float[] target) {
    float[] inner = new float[right.rows()];
    right.multiply(vector, inner);
    left.multiply(inner, target);
    for (Matrix matrix : remainder) {
      matrix.multiply(vector, target);
    }
  }
}
