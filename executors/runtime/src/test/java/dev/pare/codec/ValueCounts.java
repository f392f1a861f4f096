package dev.pare.codec;

import java.util.Arrays;

/** How often each level from the least to the greatest that occurs, occurs. */
final class ValueCounts {
  private final int lowest;
  private final int[] counts;

  private ValueCounts(int[] histogram) {
    int from = 0;
    while (histogram[from] == 0) {
      from++;
    }
    int to = histogram.length;
    while (histogram[to - 1] == 0) {
      to--;
    }
    lowest = from - LevelMatrix.MAX_MAGNITUDE;
    counts = Arrays.copyOfRange(histogram, from, to);
  }

  /** Counts of all levels. */
  static ValueCounts ofAll(LevelMatrix levels) {
    return new ValueCounts(histogram(levels));
  }

  /** Counts of the levels but 0, of which there must be some. */
  static ValueCounts ofNonzeros(LevelMatrix levels) {
    int[] histogram = histogram(levels);
    histogram[LevelMatrix.MAX_MAGNITUDE] = 0;
    return new ValueCounts(histogram);
  }

  /** The level that {@code counts()[0]} is of. */
  int lowest() {
    return lowest;
  }

  /** The greatest level. */
  int highest() {
    return lowest + counts.length - 1;
  }

  int[] counts() {
    return counts;
  }

  private static int[] histogram(LevelMatrix levels) {
    int[] histogram = new int[2 * LevelMatrix.MAX_MAGNITUDE + 1];
    for (short level : levels.levels()) {
      histogram[level + LevelMatrix.MAX_MAGNITUDE]++;
    }
    return histogram;
  }
}
