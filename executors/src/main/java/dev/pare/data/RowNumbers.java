package dev.pare.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Which columns count the rows: a number of the file, not of what it is about. */
final class RowNumbers {
  private static final int FEWEST_ROWS = 20;

  /** Of the rows of a file, at least so many are there: others were set apart. */
  private static final int MOST_STEP = 3;

  private static final int MOST_COLUMNS = 4096;

  /** By so many rows most columns are passed over. */
  private static final int SAMPLED = 256;

  /** Values of the others that are held at once. */
  private static final int MOST_HELD = 1 << 24;

  /** What is less likely than this does not happen by chance, in any column. */
  private static final double IMPOSSIBLE = 1e-9;

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

  /**
   * The columns, counted from 1, whose whole numbers all differ though they lie close together, as
   * those of rows that were put into another order. None where chance makes such columns, and none
   * of data that are wider than tables.
   */
  static List<Integer> inAnyOrder(Rows rows) {
    int size = rows.size();
    // Of so many numbers drawn from a range of at most MOST_STEP times as many, some are alike.
    if (rows.width() > MOST_COLUMNS
        || size / (2.0 * MOST_STEP) < Math.log(rows.width() / IMPOSSIBLE)) {
      return List.of();
    }
    int[] all = IntStream.range(0, rows.width()).toArray();
    float[][] sample = Spread.sample(rows, Math.min(SAMPLED, size), all);
    int[] likely = IntStream.of(all).filter(c -> areDistinct(sample[c])).toArray();
    if (likely.length == 0 || (long) likely.length * size > MOST_HELD) {
      return List.of();
    }
    float[][] values = Spread.sample(rows, size, likely);
    return IntStream.range(0, likely.length)
        .filter(c -> areDistinct(values[c]))
        .filter(c -> (double) values[c][size - 1] - values[c][0] < (double) MOST_STEP * size)
        .mapToObj(c -> likely[c] + 1)
        .toList();
  }

  /** Sorts them; whether they are whole numbers that differ. */
  private static boolean areDistinct(float[] values) {
    Arrays.sort(values);
    for (int i = 0; i < values.length; i++) {
      if (!isWhole(values[i]) || i > 0 && values[i] == values[i - 1]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWhole(float value) {
    return value == Math.rint(value);
  }
}
