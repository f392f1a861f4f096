package dev.pare.kernel;

import java.util.Arrays;

/**
 * A matrix whose columns are decoded one by one, and multiplied by the numbers of all examples: the
 * products of a row are summed up from the first column on, and the sums scaled.
 */
abstract class ColumnMatrix implements Matrix {
  /**
   * As {@link #column}, before scales.
   *
   * @return how many there are
   */
  abstract int unscaled(int column, int[] rows, float[] values);

  /** What the products of a column are multiplied by in a row. */
  abstract float scale(int column, int row);

  /** How many columns, from the first one on, have their scales in common. */
  int group() {
    return columns();
  }

  @Override
  public final int column(int column, int[] rows, float[] values) {
    int count = unscaled(column, rows, values);
    for (int i = 0; i < count; i++) {
      values[i] *= scale(column, rows[i]);
    }
    return count;
  }

  @Override
  public final void multiply(float[][] vectors, float[][] targets) {
    float[][] sums = new float[targets.length][targets[0].length];
    int[] rows = new int[sums.length];
    float[] values = new float[sums.length];
    for (int column = 0; column < vectors.length; column++) {
      if (!Products.isZero(vectors[column])) {
        int count = unscaled(column, rows, values);
        Products.add(vectors[column], rows, values, 0, count, sums, 0, 1);
      }
      if ((column + 1) % group() == 0 || column == vectors.length - 1) {
        for (int row = 0; row < sums.length; row++) {
          Products.add(sums[row], scale(column, row), targets[row]);
          Arrays.fill(sums[row], 0);
        }
      }
    }
  }
}
