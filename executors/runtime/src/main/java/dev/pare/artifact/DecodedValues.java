package dev.pare.artifact;

import java.util.Arrays;

/** Facts about floats. */
final class DecodedValues {
  private DecodedValues() {}

  /** How many are not zero, of either sign. */
  static int nonzeros(float[] values) {
    int count = 0;
    for (float value : values) {
      if (value != 0) {
        count++;
      }
    }
    return count;
  }

  /** How many different ones; zeros of either sign are one, and so are all NaNs. */
  static int distinct(float[] values) {
    float[] sorted = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      // Makes a zero of −0.
      sorted[i] = values[i] + 0f;
    }
    Arrays.sort(sorted);
    int count = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || Float.compare(sorted[i], sorted[i - 1]) != 0) {
        count++;
      }
    }
    return count;
  }
}
