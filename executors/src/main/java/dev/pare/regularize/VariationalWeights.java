package dev.pare.regularize;

import dev.pare.graph.Initialization;
import dev.pare.graph.Network;
import dev.pare.layers.Exponential;
import java.util.function.DoubleSupplier;

/**
 * Sparse variational dropout (Molchanov, Ashukha and Vetrov 2017): a weight is {@code θ + σ·ε}, ε
 * normal and drawn anew for each step, and θ and {@code log σ²} are trained. To the mean loss are
 * added {@code λ/N} times the divergences from a log-uniform prior, of N examples, by the paper's
 * approximation ({@link #divergence}). Weights with {@code log α = log σ²/θ² > 3} are zero in the
 * end.
 *
 * <p>The paper draws the noise for each example of dense and convolution layers.
 */
final class VariationalWeights extends NoisyWeights {
  /** More noise than that is no signal. */
  private static final float MOST_LOG_ALPHA = 3;

  /** The paper's constants of the divergence. */
  private static final float K1 = 0.63576f;

  private static final float K2 = 1.87320f;
  private static final float K3 = 1.48695f;

  /** log σ² of all weights at the start, the paper's. */
  private static final float FIRST_LOG_VARIANCE = -10;

  /** Added to θ², for a logarithm at zero. */
  private static final float LEAST_SQUARE = 1e-12f;

  /** So much noise would not even be trained away. */
  private static final float MOST_LOG_VARIANCE = 0;

  private final float[] deviations;

  VariationalWeights(Network start, Ramp ramp, int examples, long seed) {
    super(start, ramp, examples, seed, normals(), FIRST_LOG_VARIANCE);
    this.deviations = new float[values().length - start.parameters().length];
  }

  /**
   * The approximate divergence of a weight's distribution from the prior, up to a constant: 0 where
   * all is noise.
   */
  static float divergence(float logAlpha) {
    float sigmoid = 1 / (1 + Exponential.exp(-K2 - K3 * logAlpha));
    return K1 - K1 * sigmoid + 0.5f * Logarithm.log(1 + Exponential.exp(-logAlpha));
  }

  /** The derivative of {@link #divergence}. */
  static float slope(float logAlpha) {
    float sigmoid = 1 / (1 + Exponential.exp(-K2 - K3 * logAlpha));
    return -K1 * K3 * sigmoid * (1 - sigmoid) - 0.5f / (1 + Exponential.exp(logAlpha));
  }

  /** Many normal numbers, of mean 0 and variance 1. */
  private static float[] normals() {
    DoubleSupplier source = Initialization.normals(0);
    double[] half = new double[DRAWS / 2];
    double sum = 0;
    for (int i = 0; i < half.length; i++) {
      half[i] = source.getAsDouble();
      sum += half[i] * half[i];
    }
    double scale = Math.sqrt(half.length / sum);
    float[] normals = new float[DRAWS];
    for (int i = 0; i < half.length; i++) {
      normals[i] = (float) (half[i] * scale);
      normals[half.length + i] = -normals[i];
    }
    return normals;
  }

  @Override
  void fill(Span span, float[] noise, float[] parameters) {
    for (int i = 0; i < span.count(); i++) {
      int at = span.from() + i;
      float logVariance = Math.min(MOST_LOG_VARIANCE, logarithm(span, i));
      float deviation = Exponential.exp(0.5f * logVariance);
      deviations[span.noise() + i] = deviation;
      parameters[at] += mask()[at] * deviation * noise[span.noise() + i];
    }
  }

  private static float logAlpha(float mean, float logVariance) {
    return Math.min(MOST_LOG_VARIANCE, logVariance) - Logarithm.log(mean * mean + LEAST_SQUARE);
  }

  @Override
  void pullBack(
      Span span, float[] noise, float penalty, float[] parameterGradient, float[] gradient) {
    for (int i = 0; i < span.count(); i++) {
      int at = span.from() + i;
      float mean = values()[at];
      float g = parameterGradient[at];
      float slope = penalty * slope(logAlpha(mean, logarithm(span, i)));
      float byVariance = 0.5f * g * noise[span.noise() + i] * deviations[span.noise() + i] + slope;
      gradient[at] = g - slope * 2 * mean / (mean * mean + LEAST_SQUARE);
      gradient[span.logarithm() + i] = mask()[at] * PACE * byVariance;
    }
  }

  @Override
  float last(float weight, float logVariance) {
    return logAlpha(weight, logVariance) > MOST_LOG_ALPHA ? 0 : weight;
  }
}
