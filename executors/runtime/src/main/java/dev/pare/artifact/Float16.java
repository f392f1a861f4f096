package dev.pare.artifact;

/** IEEE 754 half precision: a sign, 5 bits of exponent, 10 of fraction. */
public final class Float16 {
  /** Bytes of one. */
  public static final int BYTES = Short.BYTES;

  /** The infinite half. */
  public static final short INFINITE = 0x7C00;

  /** From here on halves keep 11 bits. */
  public static final float LEAST_NORMAL_VALUE = 0x1p-14f;

  private static final int FRACTION_BITS = 10;
  private static final int DROPPED_BITS = 23 - FRACTION_BITS;
  private static final int SIGN = 0x8000;
  private static final int INFINITY = INFINITE;
  private static final int QUIET = 0x0200;
  private static final int FLOAT_INFINITY = 0x7F80_0000;
  // Of the exponents, at the place of the float's.
  private static final int BIAS_DIFFERENCE = 127 - 15 << 23;
  private static final int LEAST_NORMAL = 1 + 127 - 15 << 23;
  // Halfway from the greatest half to what would come next.
  private static final int OVERFLOW = 0x477F_F000;
  // Where a float's own rounding leaves the fraction of a subnormal half in its low bits.
  private static final float SUBNORMAL_ROUNDER = 0.5f;

  private Float16() {}

  /** The half nearest to {@code value}, the even one of two as near; infinite if too large. */
  public static short of(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & SIGN;
    int magnitude = bits & Integer.MAX_VALUE;
    if (magnitude > FLOAT_INFINITY) {
      int fraction = magnitude >>> DROPPED_BITS & (1 << FRACTION_BITS) - 1;
      return (short) (sign | INFINITY | QUIET | fraction);
    }
    if (magnitude >= OVERFLOW) {
      return (short) (sign | INFINITY);
    }
    if (magnitude < LEAST_NORMAL) {
      float rounded = Float.intBitsToFloat(magnitude) + SUBNORMAL_ROUNDER;
      return (short)
          (sign | Float.floatToRawIntBits(rounded) - Float.floatToRawIntBits(SUBNORMAL_ROUNDER));
    }
    int odd = magnitude >>> DROPPED_BITS & 1;
    int rounded = magnitude - BIAS_DIFFERENCE + (1 << DROPPED_BITS - 1) - 1 + odd;
    return (short) (sign | rounded >>> DROPPED_BITS);
  }

  /** The value of a half. */
  public static float toFloat(short half) {
    int sign = (half & SIGN) << 16;
    int magnitude = half & SIGN - 1;
    if (magnitude >= INFINITY) {
      return Float.intBitsToFloat(sign | FLOAT_INFINITY | magnitude << DROPPED_BITS);
    }
    if (magnitude >= 1 << FRACTION_BITS) {
      return Float.intBitsToFloat(sign | (magnitude << DROPPED_BITS) + BIAS_DIFFERENCE);
    }
    float subnormal = magnitude * 0x1p-24f;
    return Float.intBitsToFloat(sign | Float.floatToRawIntBits(subnormal));
  }

  /** Whether all values are halves, to the bit. */
  static boolean areExact(float[] values) {
    for (float value : values) {
      if (Float.floatToRawIntBits(toFloat(of(value))) != Float.floatToRawIntBits(value)) {
        return false;
      }
    }
    return true;
  }

  /** The halves nearest to {@code values}. */
  public static float[] rounded(float[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = toFloat(of(values[i]));
    }
    return rounded;
  }
}
