package dev.pare.layers;

/**
 * The standard normal distribution in plain arithmetic, the same bits on every machine. Shares are
 * Hastings's approximation (Abramowitz and Stegun 1964, 26.2.17), off by less than 2·10⁻⁷ here.
 */
final class NormalDistribution {
  private static final float SCALE = 0.2316419f;
  private static final float B1 = 0.319381530f;
  private static final float B2 = -0.356563782f;
  private static final float B3 = 1.781477937f;
  private static final float B4 = -1.821255978f;
  private static final float B5 = 1.330274429f;
  private static final float AT_ZERO = (float) (1 / Math.sqrt(2 * Math.PI));

  private NormalDistribution() {}

  static float density(float x) {
    return AT_ZERO * Exponential.exp(-0.5f * x * x);
  }

  /**
   * The share above {@code |x|}.
   *
   * @param density of {@code x}
   */
  static float tail(float x, float density) {
    float t = 1 / (1 + SCALE * Math.abs(x));
    return density * (t * (B1 + t * (B2 + t * (B3 + t * (B4 + t * B5)))));
  }
}
