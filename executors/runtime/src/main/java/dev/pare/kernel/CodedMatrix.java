package dev.pare.kernel;

/**
 * A code of one byte for every value, column by column, a table of what codes mean, and scales of
 * runs of columns. Products with zeros of a vector are left out.
 */
final class CodedMatrix extends ColumnMatrix {
  private final int rows;
  private final byte[] codes;
  private final float[] table;
  private final int group;

  /** Of each run those of all rows. */
  private final float[] scales;

  /**
   * @param codes column-major indices of the table, as unsigned bytes
   * @param table of 256 numbers at most
   * @param group columns of a run; the last one may have fewer
   * @param scales of each run those of all rows
   */
  CodedMatrix(int rows, byte[] codes, float[] table, int group, float[] scales) {
    this.rows = rows;
    this.codes = codes;
    this.table = table;
    this.group = group;
    this.scales = scales;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return codes.length / rows;
  }

  @Override
  int group() {
    return group;
  }

  @Override
  int unscaled(int column, int[] rows, float[] values) {
    for (int row = 0; row < this.rows; row++) {
      rows[row] = row;
      values[row] = table[codes[column * this.rows + row] & 0xFF];
    }
    return this.rows;
  }

  @Override
  float scale(int column, int row) {
    return scales[column / group * rows + row];
  }

  @Override
  public void multiply(float[] vector, float[] target) {
    float[] values = table;
    float[] sums = new float[rows];
    for (int column = 0; column < vector.length; column++) {
      float factor = vector[column];
      if (factor != 0) {
        int from = column * rows;
        for (int row = 0; row < sums.length; row++) {
          sums[row] += factor * values[codes[from + row] & 0xFF];
        }
      }
      if ((column + 1) % group == 0 || column == vector.length - 1) {
        int run = column / group * rows;
        for (int row = 0; row < sums.length; row++) {
          target[row] += sums[row] * scales[run + row];
          sums[row] = 0;
        }
      }
    }
  }
}
