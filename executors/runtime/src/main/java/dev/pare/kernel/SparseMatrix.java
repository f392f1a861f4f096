package dev.pare.kernel;

/**
 * Compressed columns, in blocks of 256 rows: for each value that is not zero its row within the
 * block, in one byte, and a code of one byte or the value itself. Products with zeros of a vector
 * are left out.
 */
final class SparseMatrix extends ColumnMatrix {
  private static final int BLOCK = 256;

  private final int columns;

  /** Of each block those of each column: its first entry; then how many there are. */
  private final int[] starts;

  private final byte[] rows;

  /** Of the entries, indices of {@link #values}; empty where each has a value of its own. */
  private final byte[] codes;

  private final float[] values;

  /** Of the rows. */
  private final float[] scales;

  /**
   * @param values row-major
   * @param table of the values there are, or empty if they are too many for codes
   * @param scales of the rows
   */
  SparseMatrix(int columns, float[] values, ValueTable table, float[] scales) {
    int entries = nonzeros(values);
    this.columns = columns;
    this.scales = scales;
    starts = new int[blocks(scales.length) * columns + 1];
    rows = new byte[entries];
    codes = new byte[table.isComplete() ? entries : 0];
    float[] own = new float[entries - codes.length];
    int next = 0;
    for (int i = 0; i < starts.length - 1; i++) {
      int first = i / columns * BLOCK;
      for (int row = first; row < Math.min(scales.length, first + BLOCK); row++) {
        float value = values[row * columns + i % columns];
        if (value == 0) {
          continue;
        }
        rows[next] = (byte) (row - first);
        if (table.isComplete()) {
          codes[next] = (byte) table.code(value);
        } else {
          own[next] = value;
        }
        next++;
      }
      starts[i + 1] = next;
    }
    this.values = table.isComplete() ? table.values() : own;
  }

  private static int blocks(int rows) {
    return (rows - 1) / BLOCK + 1;
  }

  private static int nonzeros(float[] values) {
    int nonzeros = 0;
    for (float value : values) {
      nonzeros += value == 0 ? 0 : 1;
    }
    return nonzeros;
  }

  /**
   * Bytes of entries and their places.
   *
   * @param entryBytes of a value
   */
  static long bytes(int columns, float[] values, int entryBytes) {
    return (1L + entryBytes) * nonzeros(values)
        + (long) Integer.BYTES * columns * blocks(values.length / columns);
  }

  @Override
  public int rows() {
    return scales.length;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  int unscaled(int column, int[] rows, float[] values) {
    int count = 0;
    for (int at = column; at < starts.length - 1; at += columns) {
      int first = at / columns * BLOCK;
      for (int i = starts[at]; i < starts[at + 1]; i++) {
        rows[count] = first + (this.rows[i] & 0xFF);
        values[count++] = this.values[codes.length == 0 ? i : codes[i] & 0xFF];
      }
    }
    return count;
  }

  @Override
  float scale(int column, int row) {
    return scales[row];
  }

  @Override
  public void multiply(float[] vector, float[] target) {
    for (int first = 0; first < scales.length; first += BLOCK) {
      int start = first / BLOCK * columns;
      float[] sums = codes.length == 0 ? ownSums(vector, start) : codedSums(vector, start);
      for (int row = first; row < Math.min(scales.length, first + BLOCK); row++) {
        target[row] += scales[row] * sums[row - first];
      }
    }
  }

  private float[] ownSums(float[] vector, int start) {
    byte[] row = rows;
    // As long as any byte can be, so that nothing need be checked where they are used.
    float[] sums = new float[BLOCK];
    for (int column = 0; column < vector.length; column++) {
      float factor = vector[column];
      if (factor != 0) {
        int end = starts[start + column + 1];
        for (int i = starts[start + column]; i < end; i++) {
          sums[row[i] & 0xFF] += factor * values[i];
        }
      }
    }
    return sums;
  }

  private float[] codedSums(float[] vector, int start) {
    byte[] row = rows;
    byte[] code = codes;
    float[] table = new float[BLOCK];
    System.arraycopy(values, 0, table, 0, values.length);
    float[] sums = new float[BLOCK];
    for (int column = 0; column < vector.length; column++) {
      float factor = vector[column];
      if (factor != 0) {
        int end = starts[start + column + 1];
        for (int i = starts[start + column]; i < end; i++) {
          sums[row[i] & 0xFF] += factor * table[code[i] & 0xFF];
        }
      }
    }
    return sums;
  }
}
