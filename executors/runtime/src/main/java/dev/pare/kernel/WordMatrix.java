package dev.pare.kernel;

import dev.pare.codec.LevelMatrix;

/** Rows of words of a table: runs of columns that are among a few. */
final class WordMatrix extends ColumnMatrix {
  private final int columns;
  private final int dimension;
  private final LevelMatrix codes;
  private final float[] words;

  /**
   * @param dimension numbers of a word
   * @param codes of each row's runs: n for word n from 1, 0 for zeros
   * @param words one after the other
   */
  WordMatrix(int columns, int dimension, LevelMatrix codes, float[] words) {
    this.columns = columns;
    this.dimension = dimension;
    this.codes = codes;
    this.words = words;
  }

  @Override
  public int rows() {
    return codes.rows();
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  int unscaled(int column, int[] rows, float[] values) {
    int count = 0;
    for (int row = 0; row < codes.rows(); row++) {
      int code = codes.at(row * codes.columns() + column / dimension);
      if (code != 0) {
        rows[count] = row;
        values[count++] = words[(code - 1) * dimension + column % dimension];
      }
    }
    return count;
  }

  @Override
  float scale(int column, int row) {
    return 1;
  }

  @Override
  public void multiply(float[] vector, float[] target) {
    int next = 0;
    for (int row = 0; row < codes.rows(); row++) {
      float sum = 0;
      for (int column = 0; column < columns; column += dimension) {
        int code = codes.at(next++);
        if (code != 0) {
          int word = (code - 1) * dimension - column;
          int end = Math.min(columns, column + dimension);
          for (int i = column; i < end; i++) {
            sum += words[word + i] * vector[i];
          }
        }
      }
      target[row] += sum;
    }
  }
}
