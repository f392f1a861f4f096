package dev.pare.kernel;

import java.util.Arrays;
import java.util.List;

/** A product of two matrices, to which another one may be added; neither is multiplied out. */
final class FactoredMatrix implements Matrix {
  private final Matrix left;
  private final Matrix right;
  private final List<Matrix> sparseResidual;

  /**
   * @param sparseResidual one that is added, or none
   */
  FactoredMatrix(Matrix left, Matrix right, List<Matrix> sparseResidual) {
    this.left = left;
    this.right = right;
    this.sparseResidual = List.copyOf(sparseResidual);
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
  public int column(int column, int[] rows, float[] values) {
    float[] inner = new float[right.rows()];
    right.column(column, inner);
    Arrays.fill(values, 0, rows(), 0);
    left.multiply(inner, values);
    float[] sums = new float[rows()];
    for (Matrix matrix : sparseResidual) {
      matrix.column(column, sums);
      for (int row = 0; row < sums.length; row++) {
        values[row] += sums[row];
      }
    }
    for (int row = 0; row < sums.length; row++) {
      rows[row] = row;
    }
    return sums.length;
  }

  @Override
  public void multiply(float[] vector, float[] target) {
    float[] inner = new float[right.rows()];
    right.multiply(vector, inner);
    left.multiply(inner, target);
    for (Matrix matrix : sparseResidual) {
      matrix.multiply(vector, target);
    }
  }

  @Override
  public void multiply(float[][] vectors, float[][] targets) {
    float[][] inner = new float[right.rows()][targets[0].length];
    right.multiply(vectors, inner);
    left.multiply(inner, targets);
    for (Matrix matrix : sparseResidual) {
      matrix.multiply(vectors, targets);
    }
  }
}
