package dev.pare.layers;

/**
 * {@code exp} of floats in plain arithmetic: the same bits on every machine, which {@link Math#exp}
 * does not promise, and cheaper than {@link StrictMath#exp}. Relative error below 2·10⁻⁷.
 */
public final class Exponential {
  private static final float LOG2_E = 1.44269504f;
  // ln 2 in two parts, so that n·HIGH is exact for the n that occur (Cody and Waite 1980).
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  private Exponential() {}

  /** {@code e^x}; 0 below −87 and infinity above 88, NaN of NaN. */
  public static float exp(float x) {
    if (!(x >= -87f)) {
      return x < -87f ? 0 : Float.NaN;
    }
    if (x > 88f) {
      return Float.POSITIVE_INFINITY;
    }
    int n = (int) (x * LOG2_E + 127.5f) - 127;
    float r = x - n * LN2_HIGH - n * LN2_LOW;
    float p = 1.3981999507e-3f + r * 1.9875691500e-4f;
    p = 8.3334519073e-3f + r * p;
    p = 4.1665795894e-2f + r * p;
    p = 1.6666665459e-1f + r * p;
    p = 5.0000001201e-1f + r * p;
    return (1 + r + r * r * p) * Float.intBitsToFloat((n + 127) << 23);
  }
}
