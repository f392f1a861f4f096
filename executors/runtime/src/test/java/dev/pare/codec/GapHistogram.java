package dev.pare.codec;

/**
 * How often each index symbol occurs, for every index width at once.
 *
 * <p>A gap of g zeros is {@code g >> w} fillers and the symbol of its low w bits, so that the
 * counts of one width follow from those of the next wider one.
 */
final class GapHistogram {
  /** The greatest index width. */
  static final int MAX_WIDTH = 14;

  private final int[] lowBits = new int[1 << MAX_WIDTH];
  private final int[] fillers = new int[MAX_WIDTH + 1];
  private final int widest;

  GapHistogram(short[] levels) {
    int next = 0;
    int longest = 0;
    for (int i = 0; i < levels.length; i++) {
      if (levels[i] != 0) {
        int gap = i - next;
        lowBits[gap & lowBits.length - 1]++;
        for (int width = 0; gap >> width != 0 && width <= MAX_WIDTH; width++) {
          fillers[width] += gap >> width;
        }
        longest = Math.max(longest, gap);
        next = i + 1;
      }
    }
    widest = Math.min(MAX_WIDTH, Integer.SIZE - Integer.numberOfLeadingZeros(longest));
  }

  /** The least width that needs no fillers, or the greatest there is. */
  int widest() {
    return widest;
  }

  /** Counts of the symbols of a width: the filler, then gaps 0 to 2^width − 1. */
  int[] counts(int width) {
    int[] counts = new int[(1 << width) + 1];
    counts[0] = fillers[width];
    for (int gap = 0; gap < lowBits.length; gap++) {
      counts[1 + (gap & (1 << width) - 1)] += lowBits[gap];
    }
    return counts;
  }
}
