package dev.pare.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Columns of a table that have the values of an earlier one. */
final class ColumnCopies {
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  /** What is less likely than this does not happen by chance, of any two columns. */
  private static final double IMPOSSIBLE = 1e-9;

  /** Columns that are looked at once more: each takes a pass. */
  private static final int MOST_TRIED = 16;

  private ColumnCopies() {}

  /**
   * Two columns, counted from 1.
   *
   * @param original the first that has the values
   */
  record Copy(int original, int copy) {}

  /**
   * By 64 bits of each column, so that a difference is overlooked once in 2⁶⁴ pairs. None whose
   * values vary so little that chance makes them alike.
   */
  static List<Copy> of(Rows rows) {
    long[] hashes = new long[rows.width()];
    float[] row = new float[rows.width()];
    for (int i = 0; i < rows.size(); i++) {
      rows.copy(i, row);
      for (int c = 0; c < row.length; c++) {
        long mixed = (hashes[c] + Float.floatToIntBits(row[c] + 0.0f) + 1) * MULTIPLIER;
        hashes[c] = mixed ^ mixed >>> 29;
      }
    }
    Map<Long, Integer> first = new HashMap<>();
    List<Copy> copies = new ArrayList<>();
    // Of a hash, which all of its columns have in common.
    Map<Integer, Boolean> beyondChance = new HashMap<>();
    for (int c = 0; c < hashes.length; c++) {
      Integer original = first.putIfAbsent(hashes[c], c);
      if (original != null
          && (beyondChance.containsKey(original) || beyondChance.size() < MOST_TRIED)
          && beyondChance.computeIfAbsent(original, column -> isBeyondChance(rows, column))) {
        copies.add(new Copy(original + 1, c + 1));
      }
    }
    return copies;
  }

  private static boolean isBeyondChance(Rows rows, int column) {
    float[] values = Spread.sample(rows, rows.size(), new int[] {column})[0];
    Arrays.sort(values);
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (i > 0 && Float.compare(values[i], values[i - 1]) == 0) {
        counts.set(counts.size() - 1, counts.get(counts.size() - 1) + 1);
      } else {
        counts.add(1);
      }
    }
    double pairs = rows.width() * (rows.width() - 1.0) / 2;
    return LabelCopies.logArrangements(counts.stream().mapToInt(count -> count))
        > Math.log(pairs / IMPOSSIBLE);
  }
}
