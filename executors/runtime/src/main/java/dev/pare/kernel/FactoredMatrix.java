package dev.pare.kernel;

import java.util.Arrays;
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
  public void row(int row, float[] target) {
    float[] factors = new float[left.columns()];
    left.row(row, factors);
    float[] more = new float[columns()];
    Arrays.fill(target, 0, more.length, 0);
    for (int k = 0; k < factors.length; k++) {
      right.row(k, more);
      add(factors[k], more, target);
    }
    for (Matrix matrix : remainder) {
      matrix.row(row, more);
      add(1, more, target);
    }
  }

  private static void add(float factor, float[] more, float[] target) {
    for (int i = 0; i < more.length; i++) {
      target[i] += factor * more[i];
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

  @Override
  public Matrix transposed() {
    return new FactoredMatrix(
        right.transposed(), left.transposed(), remainder.stream().map(Matrix::transposed).toList());
  }
}
