package dev.pare.kernel;

/** Weights as they are multiplied, in as little memory as their values need. Immutable. */
interface Matrix {
  int rows();

  int columns();

  /**
   * The values of a row.
   *
   * @param target of at least as many numbers as there are columns, overwritten up to there
   */
  void row(int row, float[] target);

  /**
   * Adds the product with a vector: to each number of {@code target} that of a row.
   *
   * @param vector as many numbers as columns
   * @param target as many numbers as rows
   */
  void multiply(float[] vector, float[] target);

  /** Rows as columns. */
  default Matrix transposed() {
    float[] row = new float[columns()];
    float[] values = new float[rows() * columns()];
    for (int r = 0; r < rows(); r++) {
      row(r, row);
      for (int c = 0; c < columns(); c++) {
        values[c * rows() + r] = row[c];
      }
    }
    return Matrices.packed(columns(), rows(), values);
  }
}
