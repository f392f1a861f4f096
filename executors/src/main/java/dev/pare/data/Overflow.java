package dev.pare.data;

import java.util.Arrays;
import java.util.Optional;

/**
 * Series of whole numbers that leave the range of their type at one end and come in at the other:
 * bytes of pixels that were taken for signed ones, signed ones for unsigned, or sums that a type
 * does not hold.
 */
final class Overflow {
  private static final int MOST_ROWS = 256;

  /** Fewer steps may well be so by chance. */
  private static final int FEWEST_STEPS = 1000;

  /** Types of numbers, by their bits. */
  private static final int[] BITS = {8, 16};

  /** Share of the type's numbers that the range has. */
  private static final double WHOLE_RANGE = 0.9;

  /** Share of it that single features have: others may be all small, or all large. */
  private static final double WIDE = 0.5;

  /** Of numbers at either end: pixels are often black or white, and stand side by side. */
  private static final double CLIPPED = 0.1;

  /** Steps around the end of the range are far shorter than those through it. Of noise: 0.75. */
  private static final double FAR_SHORTER = 0.6;

  private Overflow() {}

  /** What is odd about features that stand in an order, in some words. */
  static Optional<String> of(Rows rows) {
    int count = Math.min(MOST_ROWS, rows.size());
    float[][] sample = new float[count][rows.width()];
    float[] least = new float[rows.width()];
    float[] most = new float[rows.width()];
    Arrays.fill(least, Float.POSITIVE_INFINITY);
    Arrays.fill(most, Float.NEGATIVE_INFINITY);
    for (int k = 0; k < count; k++) {
      rows.copy((int) ((long) k * rows.size() / count), sample[k]);
      for (int f = 0; f < least.length; f++) {
        if (sample[k][f] != Math.rint(sample[k][f])) {
          return Optional.empty();
        }
        least[f] = Math.min(least[f], sample[k][f]);
        most[f] = Math.max(most[f], sample[k][f]);
      }
    }
    float low = least(least);
    float high = -least(negated(most));
    for (int bits : BITS) {
      double numbers = 1 << bits;
      double range = (double) high - low + 1;
      boolean signed = low >= -numbers / 2 && high < numbers / 2;
      boolean fits = (signed || low >= 0 && high < numbers) && range >= WHOLE_RANGE * numbers;
      if (fits && goesAround(sample, least, most, numbers, low, high)) {
        return Optional.of(
            "features go from about %s to about %s in one step, as numbers of %d bits that overflowed or are %s instead of %s"
                .formatted(
                    DataSummary.text(high),
                    DataSummary.text(low),
                    bits,
                    signed ? "signed" : "unsigned",
                    signed ? "unsigned" : "signed"));
      }
    }
    return Optional.empty();
  }

  private static float least(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
    }
    return least;
  }

  private static float[] negated(float[] values) {
    float[] negated = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      negated[i] = -values[i];
    }
    return negated;
  }

  private static boolean goesAround(
      float[][] sample, float[] least, float[] most, double numbers, float low, float high) {
    double through = 0;
    double around = 0;
    long steps = 0;
    long lowest = 0;
    long highest = 0;
    for (float[] row : sample) {
      for (int f = 0; f + 1 < row.length; f++) {
        lowest += row[f] == low ? 1 : 0;
        highest += row[f] == high ? 1 : 0;
        boolean wide = Math.min(most[f] - least[f], most[f + 1] - least[f + 1]) >= WIDE * numbers;
        if (wide) {
          double step = Math.abs((double) row[f] - row[f + 1]);
          through += step;
          around += Math.min(step, numbers - step);
          steps++;
        }
      }
    }
    double clipped = CLIPPED * sample.length * least.length;
    return steps >= FEWEST_STEPS
        && Math.max(lowest, highest) < clipped
        && around < FAR_SHORTER * through;
  }
}
