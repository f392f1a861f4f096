package dev.pare.artifact;

/**
 * Quarter precision: a sign, 4 bits of exponent, 3 of fraction (E4M3 of the OCP 8-bit Floating
 * Point Specification, 2023). It has no infinity; the greatest is {@value #GREATEST}.
 *
 * <p>As its range is narrow, values in quarter precision have a power of two in common, by which
 * the greatest of them becomes one of the greatest quarters.
 */
public final class Float8E4M3 {
  /** Bytes of one. */
  static final int BYTES = Byte.BYTES;

  /** Bytes of the exponent of the common power of two. */
  static final int EXPONENT_BYTES = Byte.BYTES;

  /** The greatest exponent in common: with one more, some values would be infinite. */
  static final int GREATEST_EXPONENT = 119;

  private static final float GREATEST = 448;
  private static final int GREATEST_CODE = 0x7E;
  private static final int NOT_A_NUMBER = 0x7F;
  private static final int SIGN = 0x80;
  private static final int FRACTION_BITS = 3;
  private static final int DROPPED_BITS = 23 - FRACTION_BITS;
  private static final float LEAST_NORMAL = 0x1p-6f;
  private static final float LEAST = 0x1p-9f;
  // Of the exponents, at the place of the float's.
  private static final int BIAS_DIFFERENCE = 127 - 7 << 23;
  private static final int LEAST_EXPONENT = Byte.MIN_VALUE;
  private static final float[] VALUES = new float[1 << Byte.SIZE];

  static {
    for (int code = 0; code < VALUES.length; code++) {
      int magnitude = code & NOT_A_NUMBER;
      float value =
          magnitude < 1 << FRACTION_BITS
              ? magnitude * LEAST
              : Float.intBitsToFloat((magnitude << DROPPED_BITS) + BIAS_DIFFERENCE);
      VALUES[code] = magnitude == NOT_A_NUMBER ? Float.NaN : code < SIGN ? value : -value;
    }
  }

  private Float8E4M3() {}

  /**
   * The quarter nearest to a number, the even one of two as near; the greatest one for what is
   * greater.
   */
  static byte of(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 24 & SIGN;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (byte) (sign | NOT_A_NUMBER);
    }
    if (magnitude >= GREATEST) {
      return (byte) (sign | GREATEST_CODE);
    }
    if (magnitude < LEAST_NORMAL) {
      return (byte) (sign | (int) Math.rint(magnitude / LEAST));
    }
    int bits = Float.floatToRawIntBits(magnitude) - BIAS_DIFFERENCE;
    int odd = bits >>> DROPPED_BITS & 1;
    return (byte) (sign | bits + (1 << DROPPED_BITS - 1) - 1 + odd >>> DROPPED_BITS);
  }

  /** The value of a quarter. */
  static float toFloat(byte quarter) {
    return VALUES[quarter & 0xFF];
  }

  /**
   * The exponent of the power of two that some values have in common, 0 if all are zero.
   *
   * @param values finite
   */
  static int exponent(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    if (largest == 0) {
      return 0;
    }
    int exponent = Math.getExponent(largest) - Math.getExponent(GREATEST);
    // Beyond what the greatest quarter has before its exponent.
    if (largest > Math.scalb(GREATEST, exponent)) {
      exponent++;
    }
    return Math.max(LEAST_EXPONENT, Math.min(GREATEST_EXPONENT, exponent));
  }

  /** The nearest values that are quarters times their common power of two. */
  public static float[] rounded(float[] values) {
    int exponent = exponent(values);
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = Math.scalb(toFloat(of(Math.scalb(values[i], -exponent))), exponent);
    }
    return rounded;
  }

  /** Whether all values are quarters times their common power of two, to the bit. */
  static boolean areExact(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    float[] rounded = rounded(values);
    for (int i = 0; i < values.length; i++) {
      if (Float.floatToRawIntBits(rounded[i]) != Float.floatToRawIntBits(values[i])) {
        return false;
      }
    }
    return true;
  }
}
