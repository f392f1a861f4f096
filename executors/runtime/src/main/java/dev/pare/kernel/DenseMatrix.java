package dev.pare.kernel;

/** A float for every value, column by column: products with zeros of a vector are left out. */
final class DenseMatrix implements Matrix {
  private final int rows;
  private final int columns;
  private final float[] values;

  /**
   * @param values row-major
   */
  DenseMatrix(int rows, int columns, float[] values) {
    this.rows = rows;
    this.columns = columns;
    this.values = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        this.values[column * rows + row] = values[row * columns + column];
      }
    }
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public void column(int column, float[] target) {
    System.arraycopy(values, column * rows, target, 0, rows);
  }

  @Override
  public void multiply(float[] vector, float[] target) {
    for (int column = 0; column < columns; column++) {
      float factor = vector[column];
      if (factor != 0) {
        int from = column * rows;
        for (int row = 0; row < rows; row++) {
          target[row] += factor * values[from + row];
        }
      }
    }
  }
}
