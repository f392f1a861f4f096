package dev.pare.kernel;

/** Weights as they are multiplied, in as little memory as their values need. Immutable. */
interface Matrix {
  int rows();

  int columns();

  /**
   * The values of a column.
   *
   * @param target of at least as many numbers as there are rows, overwritten up to there
   */
  void column(int column, float[] target);

  /**
   * Adds the product with a vector: to each number of {@code target} that of a row.
   *
   * @param vector as many numbers as columns
   * @param target as many numbers as rows
   */
  void multiply(float[] vector, float[] target);
}
