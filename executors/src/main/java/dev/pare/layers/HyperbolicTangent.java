package dev.pare.layers;

/**
 * {@code tanh} and the logistic function as one rational function each, without branches, so that
 * loops over them become wide; the same bits on every machine. Absolute error below 5·10⁻⁷.
 *
 * <p>Lambert's continued fraction, cut off at the seventh power, for a quarter of the argument,
 * then {@code tanh 2x = 2·tanh x / (1 + tanh² x)} twice, all of it on numerator and denominator.
 */
final class HyperbolicTangent {
  /** From here on the result is one. */
  private static final float SATURATED = 9.2f;

  private static final float P1 = (float) (17_325.0 / 135_135);
  private static final float P2 = (float) (378.0 / 135_135);
  private static final float P3 = (float) (1.0 / 135_135);
  private static final float Q1 = (float) (62_370.0 / 135_135);
  private static final float Q2 = (float) (3_150.0 / 135_135);
  private static final float Q3 = (float) (28.0 / 135_135);

  private HyperbolicTangent() {}

  static float tanh(float x) {
    float quarter = 0.25f * Math.max(-SATURATED, Math.min(SATURATED, x));
    float square = quarter * quarter;
    float p = quarter * (1 + square * (P1 + square * (P2 + square * P3)));
    float q = 1 + square * (Q1 + square * (Q2 + square * Q3));
    float halfP = 2 * p * q;
    float halfQ = p * p + q * q;
    // Rounding may lead past one.
    return Math.max(-1, Math.min(1, 2 * halfP * halfQ / (halfP * halfP + halfQ * halfQ)));
  }

  /** {@code 1 / (1 + e^(−x))}. */
  static float logistic(float x) {
    return 0.5f + 0.5f * tanh(0.5f * x);
  }
}
