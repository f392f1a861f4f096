package dev.pare.kernel;

import java.util.Arrays;

/**
 * Compressed rows: for each value that is not zero how far it is from the one before in its row, in
 * one byte, and a code of one byte or the value itself. Longer ways have zeros in between (Han et
 * al. 2016, section 2).
 */
final class SparseMatrix implements Matrix {
  private static final int LONGEST_WAY = 255;

  private final int columns;

  /** Of each row its first entry, then how many there are. */
  private final int[] starts;

  private final byte[] ways;

  /** Of the entries, indices of {@link #values}; empty where each has a value of its own. */
  private final byte[] codes;

  private final float[] values;
  private final float[] scales;

  private SparseMatrix(
      int columns, int[] starts, byte[] ways, byte[] codes, float[] values, float[] scales) {
    this.columns = columns;
    this.starts = starts;
    this.ways = ways;
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
    int entries = 0;
    int last = -1;
    for (int i = 0; i < values.length; i++) {
      if (i % columns == 0) {
        last = -1;
      }
      if (values[i] != 0) {
        entries += (i % columns - last - 1) / LONGEST_WAY + 1;
        last = i % columns;
      }
    }
    return entries;
  }

  /**
   * @param values row-major
   * @param table of the values there are, or empty if they are too many for codes
   * @param scales of the rows
   */
  static SparseMatrix of(int columns, float[] values, ValueTable table, float[] scales) {
    int entries = entries(columns, values);
    int[] starts = new int[values.length / columns + 1];
    byte[] ways = new byte[entries];
    byte[] codes = new byte[table.isComplete() ? entries : 0];
    float[] own = new float[table.isComplete() ? 0 : entries];
    int next = 0;
    for (int row = 0; row < starts.length - 1; row++) {
      int last = -1;
      for (int column = 0; column < columns; column++) {
        float value = values[row * columns + column];
        if (value == 0) {
          continue;
        }
        while (column - last > LONGEST_WAY) {
          // A zero: code 0 or the value 0, which both are there.
          ways[next++] = (byte) LONGEST_WAY;
          last += LONGEST_WAY;
        }
        ways[next] = (byte) (column - last);
        if (table.isComplete()) {
          codes[next] = (byte) table.code(value);
        } else {
          own[next] = value;
        }
        next++;
        last = column;
      }
      starts[row + 1] = next;
    }
    return new SparseMatrix(
        columns, starts, ways, codes, table.isComplete() ? table.values() : own, scales);
  }

  @Override
  public int rows() {
    return starts.length - 1;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public void row(int row, float[] target) {
    Arrays.fill(target, 0, columns, 0);
    int column = -1;
    for (int i = starts[row]; i < starts[row + 1]; i++) {
      column += ways[i] & 0xFF;
      target[column] = values[codes.length == 0 ? i : codes[i] & 0xFF] * scales[row];
    }
  }

  @Override
  public void multiply(float[] vector, float[] target) {
    for (int row = 0; row < starts.length - 1; row++) {
      target[row] +=
          scales[row]
              * (codes.length == 0
                  ? product(starts[row], starts[row + 1], vector)
                  : codedProduct(starts[row], starts[row + 1], vector));
    }
  }

  private float product(int from, int to, float[] vector) {
    float sum = 0;
    int column = -1;
    for (int i = from; i < to; i++) {
      column += ways[i] & 0xFF;
      sum += values[i] * vector[column];
    }
    return sum;
  }

  private float codedProduct(int from, int to, float[] vector) {
    byte[] way = ways;
    byte[] code = codes;
    float[] table = values;
    float even = 0;
    float odd = 0;
    int column = -1;
    int i = from;
    for (; i < to - 1; i += 2) {
      column += way[i] & 0xFF;
      even += table[code[i] & 0xFF] * vector[column];
      column += way[i + 1] & 0xFF;
      odd += table[code[i + 1] & 0xFF] * vector[column];
    }
    if (i < to) {
      even += table[code[i] & 0xFF] * vector[column + (way[i] & 0xFF)];
    }
    return even + odd;
  }
}
