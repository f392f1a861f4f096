package dev.pare.data;

import java.util.List;
import java.util.stream.IntStream;

/** Which columns count the rows: a number of the file, not of what it is about. */
final class RowNumbers {
  private static final int FEWEST_ROWS = 20;

  /** Of the rows of a file, at least so many are there: others were set apart. */
  private static final int MOST_STEP = 3;

  private RowNumbers() {}

  /**
   * The columns, counted from 1, whose whole numbers ascend from each row to the next, on the
   * average by less than 3. One pass, which ends where none is left.
   */
  static List<Integer> of(Rows rows) {
    int size = rows.size();
    if (size < FEWEST_ROWS) {
      return List.of();
    }
    float[] first = new float[rows.width()];
    rows.copy(0, first);
    int[] left = IntStream.range(0, first.length).filter(c -> isWhole(first[c])).toArray();
    int count = left.length;
    float[] before = first.clone();
    float[] row = new float[rows.width()];
    for (int i = 1; i < size && count > 0; i++) {
      rows.copy(i, row);
      int still = 0;
      for (int k = 0; k < count; k++) {
        int column = left[k];
        if (isWhole(row[column]) && row[column] > before[column]) {
          left[still++] = column;
          before[column] = row[column];
        }
      }
      count = still;
    }
    return IntStream.of(left)
        .limit(count)
        .filter(c -> before[c] - first[c] < (double) MOST_STEP * size)
        .mapToObj(c -> c + 1)
        .toList();
  }

  private static boolean isWhole(float value) {
    return value == Math.rint(value);
  }
}
