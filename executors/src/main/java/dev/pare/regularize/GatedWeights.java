package dev.pare.regularize;

import dev.pare.graph.Network;
import dev.pare.layers.Exponential;

/**
 * L0 regularization (Louizos, Welling and Kingma 2018): a weight is {@code θ·z} with a gate z
 * between 0 and 1, drawn anew for each step from a hard concrete distribution, a stretched and
 * clipped sigmoid of logistic noise about {@code log α}; θ and {@code log α} are trained. To the
 * mean loss are added {@code λ/N} times the probabilities that gates are not 0, of N examples. In
 * the end gates are what they are without noise, and weights behind closed ones are zero.
 */
final class GatedWeights extends NoisyWeights {
  /** The paper's temperature, and the ends that the sigmoid is stretched to. */
  private static final float BETA = 2 / 3f;

  private static final float GAMMA = -0.1f;
  private static final float ZETA = 1.1f;
  private static final float WIDTH = ZETA - GAMMA;

  /** β·log(−γ/ζ). */
  private static final float SHIFT = (float) (2 / 3.0 * StrictMath.log(0.1 / 1.1));

  /** log α of all gates at the start: mostly open, and 1 without noise. */
  private static final float FIRST_LOG_ALPHA = 2.5f;

  // Of this step: each gate, and its derivative by log α.
  private final float[] gates;
  private final float[] slopes;

  GatedWeights(Network start, Ramp ramp, int examples, long seed) {
    super(start, ramp, examples, seed, logistics(), FIRST_LOG_ALPHA);
    this.gates = new float[values().length - start.parameters().length];
    this.slopes = new float[gates.length];
  }

  /** The probability that a gate is not 0. */
  static float open(float logAlpha) {
    return sigmoid(logAlpha - SHIFT);
  }

  /** A gate without noise. */
  static float gate(float logAlpha) {
    return Math.max(0, Math.min(1, WIDTH * sigmoid(logAlpha) + GAMMA));
  }

  private static float sigmoid(float x) {
    return 1 / (1 + Exponential.exp(-x));
  }

  /** Quantiles of the logistic distribution, evenly. */
  private static float[] logistics() {
    float[] logistics = new float[DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      double u = (i + 0.5) / DRAWS;
      logistics[i] = (float) StrictMath.log(u / (1 - u));
    }
    return logistics;
  }

  @Override
  void fill(Span span, float[] noise, float[] parameters) {
    for (int i = 0; i < span.count(); i++) {
      float s = sigmoid((noise[span.noise() + i] + logarithm(span, i)) / BETA);
      float stretched = WIDTH * s + GAMMA;
      boolean between = stretched > 0 && stretched < 1;
      slopes[span.noise() + i] = between ? WIDTH * s * (1 - s) / BETA : 0;
      gates[span.noise() + i] = Math.max(0, Math.min(1, stretched));
      parameters[span.from() + i] *= gates[span.noise() + i];
    }
  }

  @Override
  void pullBack(
      Span span, float[] noise, float penalty, float[] parameterGradient, float[] gradient) {
    for (int i = 0; i < span.count(); i++) {
      int at = span.from() + i;
      float g = parameterGradient[at];
      gradient[at] = g * gates[span.noise() + i];
      float open = open(logarithm(span, i));
      float byLogAlpha = g * values()[at] * slopes[span.noise() + i] + penalty * open * (1 - open);
      gradient[span.logarithm() + i] = mask()[at] * PACE * byLogAlpha;
    }
  }

  @Override
  float last(float weight, float logAlpha) {
    return weight * gate(logAlpha);
  }
}
