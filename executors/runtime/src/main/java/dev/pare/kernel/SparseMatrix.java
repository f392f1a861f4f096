package dev.pare.kernel;

import java.util.Arrays;

/**
 * Compressed columns: for each value that is not zero how far it is from the one before in its
 * column, in one byte, and a code of one byte or the value itself. Longer gaps have zeros in
 * between (Han et al. 2016, section 2). Products with zeros of a vector are left out.
 */
final class SparseMatrix implements Matrix {
  private static final int LARGEST_GAP = 255;

  /** Of each column its first entry, then how many there are. */
  private final int[] starts;

  private final byte[] gaps;

  /** Of the entries, indices of {@link #values}; empty where each has a value of its own. */
  private final byte[] codes;

  private final float[] values;

  /** Of the rows. */
  private final float[] scales;

  private SparseMatrix(int[] starts, byte[] gaps, byte[] codes, float[] values, float[] scales) {
    this.starts = starts;
    this.gaps = gaps;
    this.codes = codes;
    this.values = values;
    this.scales = scales;
  }

  /**
   * Entries of this form that a matrix takes.
   *
   * @param values row-major
   */
  static int entries(int columns, float[] values) {
    int rows = values.length / columns;
    int entries = 0;
    for (int column = 0; column < columns; column++) {
      int last = -1;
      for (int row = 0; row < rows; row++) {
        if (values[row * columns + column] != 0) {
          entries += (row - last - 1) / LARGEST_GAP + 1;
          last = row;
        }
      }
    }
    return entries;
  }

  /**
   * @param values row-major
   * @param entries as {@link #entries} counts them
   * @param table of the values there are, or empty if they are too many for codes
   * @param scales of the rows
   */
  static SparseMatrix of(
      int columns, float[] values, int entries, ValueTable table, float[] scales) {
    int[] starts = new int[columns + 1];
    byte[] gaps = new byte[entries];
    byte[] codes = new byte[table.isComplete() ? entries : 0];
    float[] own = new float[table.isComplete() ? 0 : entries];
    int next = 0;
    for (int column = 0; column < columns; column++) {
      int last = -1;
      for (int row = 0; row < scales.length; row++) {
        float value = values[row * columns + column];
        if (value == 0) {
          continue;
        }
        while (row - last > LARGEST_GAP) {
          // A zero: code 0 or the value 0, which both are there.
          gaps[next++] = (byte) LARGEST_GAP;
          last += LARGEST_GAP;
        }
        gaps[next] = (byte) (row - last);
        if (table.isComplete()) {
          codes[next] = (byte) table.code(value);
        } else {
          own[next] = value;
        }
        next++;
        last = row;
      }
      starts[column + 1] = next;
    }
    return new SparseMatrix(starts, gaps, codes, table.isComplete() ? table.values() : own, scales);
  }

  @Override
  public int rows() {
    return scales.length;
  }

  @Override
  public int columns() {
    return starts.length - 1;
  }

  @Override
  public void column(int column, float[] target) {
    Arrays.fill(target, 0, scales.length, 0);
    int row = -1;
    for (int i = starts[column]; i < starts[column + 1]; i++) {
      row += gaps[i] & 0xFF;
      target[row] = values[codes.length == 0 ? i : codes[i] & 0xFF] * scales[row];
    }
  }

  @Override
  public void multiply(float[] vector, float[] target) {
    float[] sums = new float[scales.length];
    if (codes.length == 0) {
      addOwn(vector, sums);
    } else {
      addCoded(vector, sums);
    }
    for (int row = 0; row < sums.length; row++) {
      target[row] += scales[row] * sums[row];
    }
  }

  private void addOwn(float[] vector, float[] sums) {
    for (int column = 0; column < vector.length; column++) {
      float factor = vector[column];
      if (factor != 0) {
        int row = -1;
        int end = starts[column + 1];
        for (int i = starts[column]; i < end; i++) {
          row += gaps[i] & 0xFF;
          sums[row] += factor * values[i];
        }
      }
    }
  }

  private void addCoded(float[] vector, float[] sums) {
    byte[] gap = gaps;
    byte[] code = codes;
    float[] table = values;
    for (int column = 0; column < vector.length; column++) {
      float factor = vector[column];
      if (factor != 0) {
        int row = -1;
        int end = starts[column + 1];
        for (int i = starts[column]; i < end; i++) {
          row += gap[i] & 0xFF;
          sums[row] += factor * table[code[i] & 0xFF];
        }
      }
    }
  }
}
