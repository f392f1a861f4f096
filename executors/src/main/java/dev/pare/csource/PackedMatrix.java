package dev.pare.csource;

import java.util.Arrays;

/**
 * Numbers in the form that takes the fewest bytes: all, or those that are not zero and the gaps
 * between them in Golomb–Rice code (Rice 1979), whose low bits are as many as is best, 0 being a
 * mask of bits; each as a code of a table or as it is.
 *
 * @param entries how many numbers there are
 * @param bits of each its gap and its code
 * @param values the table, or the numbers
 * @param rice low bits of a gap; {@link #EVERY} where zeros are there, too
 * @param width bits of a code; {@link #OWN} where there is no table
 * @param valueBytes that each of the values takes
 */
record PackedMatrix(int entries, byte[] bits, float[] values, int rice, int width, int valueBytes) {
  static final int EVERY = 255;
  static final int OWN = 255;

  private static final int MOST_WIDTH = 16;
  private static final int MOST_RICE = 15;

  /**
   * @param numbers row-major, 0 for what need not be there
   * @param valueBytes that each number takes in a table
   */
  static PackedMatrix of(float[] numbers, int valueBytes) {
    float[] nonzeros = new float[numbers.length];
    int[] gaps = new int[numbers.length];
    int count = 0;
    int last = -1;
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] != 0) {
        nonzeros[count] = numbers[i];
        gaps[count++] = i - last - 1;
        last = i;
      }
    }
    int rice = rice(gaps, count);
    PackedMatrix sparse = of(Arrays.copyOf(nonzeros, count), gaps, rice, valueBytes);
    PackedMatrix dense = of(numbers, gaps, EVERY, valueBytes);
    return sparse.bytes() < dense.bytes() ? sparse : dense;
  }

  /** Bytes of its tables. */
  long bytes() {
    return bits.length + (long) valueBytes * values.length;
  }

  private static int rice(int[] gaps, int count) {
    int best = 0;
    long least = Long.MAX_VALUE;
    for (int low = 0; low <= MOST_RICE; low++) {
      long bits = 0;
      for (int i = 0; i < count; i++) {
        bits += (gaps[i] >>> low) + 1 + low;
      }
      if (bits < least) {
        least = bits;
        best = low;
      }
    }
    return best;
  }

  private static PackedMatrix of(float[] numbers, int[] gaps, int rice, int valueBytes) {
    float[] table = table(numbers);
    int width = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, table.length - 1));
    PackedMatrix own = of(numbers, gaps, rice, numbers, OWN, valueBytes);
    if (width > MOST_WIDTH) {
      return own;
    }
    PackedMatrix coded = of(numbers, gaps, rice, table, width, valueBytes);
    return coded.bytes() < own.bytes() ? coded : own;
  }

  private static PackedMatrix of(
      float[] numbers, int[] gaps, int rice, float[] values, int width, int valueBytes) {
    BitOutput bits = new BitOutput();
    for (int i = 0; i < numbers.length; i++) {
      if (rice != EVERY) {
        bits.addRice(gaps[i], rice);
      }
      if (width != OWN) {
        bits.add(Arrays.binarySearch(values, numbers[i]), width);
      }
    }
    return new PackedMatrix(numbers.length, bits.finish(), values, rice, width, valueBytes);
  }

  /** The different numbers, ascending; zeros of either sign are one. */
  private static float[] table(float[] numbers) {
    float[] sorted = numbers.clone();
    for (int i = 0; i < sorted.length; i++) {
      // −0 becomes 0.
      sorted[i] += 0f;
      numbers[i] += 0f;
    }
    Arrays.sort(sorted);
    int count = 0;
    for (float number : sorted) {
      if (count == 0 || number != sorted[count - 1]) {
        sorted[count++] = number;
      }
    }
    return Arrays.copyOf(sorted, count);
  }
}
