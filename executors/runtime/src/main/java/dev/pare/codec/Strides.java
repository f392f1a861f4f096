package dev.pare.codec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds at which distances along the rows levels are alike: image widths, kernel sides. */
final class Strides {
  private static final int MOST_LEVELS = 1 << 16;

  private Strides() {}

  /** The likeliest strides, at most {@code count}, each better than the distances beside it. */
  static List<Integer> likeliest(LevelMatrix levels, int count) {
    int columns = levels.columns();
    int longest = Math.min(CodeParameters.MOST_STRIDE, columns / 2);
    if (longest < 2) {
      return List.of();
    }
    int rows = Math.max(1, Math.min(levels.rows(), MOST_LEVELS / columns));
    double[] likeness = new double[longest + 2];
    for (int row = 0; row < rows; row++) {
      int start = row * columns;
      int end = start + Math.min(columns, MOST_LEVELS);
      for (int i = start; i < end; i++) {
        if (levels.at(i) != 0) {
          int last = Math.min(longest + 1, end - 1 - i);
          for (int distance = 1; distance <= last; distance++) {
            // Nonzeros of the same sign.
            if (levels.at(i) * levels.at(i + distance) > 0) {
              likeness[distance]++;
            }
          }
        }
      }
    }
    List<Integer> peaks = new ArrayList<>();
    for (int distance = 1; distance < likeness.length; distance++) {
      likeness[distance] /= columns - distance;
    }
    for (int distance = 2; distance <= longest; distance++) {
      if (likeness[distance] > likeness[distance - 1]
          && likeness[distance] >= likeness[distance + 1]) {
        peaks.add(distance);
      }
    }
    peaks.sort(Comparator.comparing(distance -> -likeness[distance]));
    return peaks.subList(0, Math.min(count, peaks.size()));
  }
}
