package dev.pare.kernel;

/**
 * A code of one byte for every value, a table of what codes mean, and scales of runs of columns.
 */
final class CodedMatrix implements Matrix {
  private final int columns;
  private final byte[] codes;
  private final float[] table;
  private final int group;
  private final int groups;
  private final float[] scales;

  /**
   * @param codes row-major indices of the table, as unsigned bytes
   * @param table of 256 numbers at most
   * @param group columns of a run; the last one of a row may be shorter
   * @param scales of each run, row by row
   */
  CodedMatrix(int columns, byte[] codes, float[] table, int group, float[] scales) {
    this.columns = columns;
    this.codes = codes;
    this.table = table;
    this.group = Math.min(group, columns);
    this.groups = (columns - 1) / this.group + 1;
    this.scales = scales;
  }

  @Override
  public int rows() {
    return codes.length / columns;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public void row(int row, float[] target) {
    for (int column = 0; column < columns; column++) {
      target[column] =
          table[codes[row * columns + column] & 0xFF] * scales[row * groups + column / group];
    }
  }

  @Override
  public void multiply(float[] vector, float[] target) {
    float[] values = table;
    int from = 0;
    for (int row = 0; row < target.length; row++) {
      for (int run = 0; run < groups; run++) {
        int column = run * group;
        int end = Math.min(columns, column + group);
        float even = 0;
        float odd = 0;
        for (; column < end - 1; column += 2) {
          even += values[codes[from + column] & 0xFF] * vector[column];
          odd += values[codes[from + column + 1] & 0xFF] * vector[column + 1];
        }
        if (column < end) {
          even += values[codes[from + column] & 0xFF] * vector[column];
        }
        target[row] += (even + odd) * scales[row * groups + run];
      }
      from += columns;
    }
  }
}
