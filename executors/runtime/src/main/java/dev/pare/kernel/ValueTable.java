package dev.pare.kernel;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The different values of a matrix, if a byte can name them all; the first is 0. */
final class ValueTable {
  private static final int MOST = 256;

  private final Map<Float, Integer> codes = new HashMap<>();
  private float[] values = {0};

  private ValueTable() {}

  static ValueTable of(float[] values) {
    ValueTable table = new ValueTable();
    table.codes.put(0f, 0);
    for (float value : values) {
      if (value != 0 && table.codes.putIfAbsent(value, table.codes.size()) == null) {
        if (table.codes.size() > MOST) {
          table.values = new float[0];
          break;
        }
        table.values = Arrays.copyOf(table.values, table.codes.size());
        table.values[table.values.length - 1] = value;
      }
    }
    return table;
  }

  /** Whether all values are there. */
  boolean isComplete() {
    return values.length > 0;
  }

  /** The values by their codes, not a copy. */
  float[] values() {
    return values;
  }

  int code(float value) {
    return value == 0 ? 0 : requireNonNull(codes.get(value), "not one of the values");
  }
}
