package dev.pare.kernel;

/** A float for every value, column by column: products with zeros of a vector are left out. */
final class DenseMatrix extends ColumnMatrix {
  private final int rows;

  /** An array a column, so that its products become vector instructions. */
  private final float[][] columns;

  /**
   * @param values row-major
   */
  DenseMatrix(int rows, int columns, float[] values) {
    this.rows = rows;
    this.columns = new float[columns][rows];
    for (int i = 0; i < values.length; i++) {
      this.columns[i % columns][i / columns] = values[i];
    }
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns.length;
  }

  @Override
  int unscaled(int column, int[] rows, float[] values) {
    for (int row = 0; row < this.rows; row++) {
      rows[row] = row;
      values[row] = columns[column][row];
    }
    return this.rows;
  }

  @Override
  float scale(int column, int row) {
    return 1;
  }

  @Override
  public void multiply(float[] vector, float[] target) {
    float[] sums = new float[rows];
    for (int column = 0; column < vector.length; column++) {
      if (vector[column] != 0) {
        Products.add(columns[column], vector[column], sums);
      }
    }
    for (int row = 0; row < rows; row++) {
      target[row] += sums[row];
    }
  }
}
