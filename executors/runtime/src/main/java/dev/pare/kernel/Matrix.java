package dev.pare.kernel;

import java.util.Arrays;

/** Weights as they are multiplied, in as little memory as their values need. Immutable. */
interface Matrix {
  int rows();

  int columns();

  /**
   * The values of a column, without some or all of its zeros.
   *
   * @param rows which rows they are in, ascending; room for all rows, overwritten
   * @param values room for all rows, overwritten
   * @return how many there are
   */
  int column(int column, int[] rows, float[] values);

  /**
   * All values of a column.
   *
   * @param target of at least as many numbers as there are rows, overwritten up to there
   */
  default void column(int column, float[] target) {
    int[] rows = new int[rows()];
    float[] values = new float[rows.length];
    int count = column(column, rows, values);
    Arrays.fill(target, 0, rows.length, 0);
    for (int i = 0; i < count; i++) {
      target[rows[i]] = values[i];
    }
  }

  /**
   * Adds the product with a vector: to each number of {@code target} that of a row.
   *
   * @param vector as many numbers as columns
   * @param target as many numbers as rows
   */
  void multiply(float[] vector, float[] target);

  /**
   * Adds the products with the vectors of several examples, to the bit those of one after the other
   * where weights are finite.
   *
   * @param vectors of each column the numbers of all examples
   * @param targets of each row the numbers of all examples
   */
  void multiply(float[][] vectors, float[][] targets);
}
