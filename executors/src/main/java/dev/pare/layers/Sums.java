package dev.pare.layers;

/** Sums of floats in a fixed order that a processor can work on side by side. */
public final class Sums {
  private Sums() {}

  /** The sum of {@code length} values in eight chains, which are added up in pairs. */
  public static float of(float[] values, int from, int length) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = from;
    int to = from + length;
    for (; i + 8 <= to; i += 8) {
      s0 += values[i];
      s1 += values[i + 1];
      s2 += values[i + 2];
      s3 += values[i + 3];
      s4 += values[i + 4];
      s5 += values[i + 5];
      s6 += values[i + 6];
      s7 += values[i + 7];
    }
    for (; i < to; i++) {
      s0 += values[i];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }
}
