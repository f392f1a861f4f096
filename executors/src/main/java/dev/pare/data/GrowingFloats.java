package dev.pare.data;

import java.util.Arrays;

/** Values that come one row after the other; memory grows as they do. */
final class GrowingFloats {
  /** As long as an array can be on every JVM. */
  static final int MOST = Integer.MAX_VALUE - 8;

  private float[] values = new float[1 << 10];
  private int size;

  /** Makes room for a row; false if there cannot be so much. */
  boolean addRow(int count) {
    if (count > MOST - size) {
      return false;
    }
    if (size + count > values.length) {
      values = Arrays.copyOf(values, grown(values.length, size + count));
    }
    size += count;
    return true;
  }

  /** Sets a value of the last row. */
  void set(int fromEnd, float value) {
    values[size - fromEnd] = value;
  }

  /** All values; the array itself where it is full. */
  float[] toArray() {
    return values.length == size ? values : Arrays.copyOf(values, size);
  }

  static int grown(int length, int needed) {
    return (int) Math.min(MOST, Math.max(2L * length, needed));
  }
}
