package dev.pare.regularize;

import dev.pare.layers.Exponential;
import dev.pare.model.Initialization;
import dev.pare.model.Network;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import dev.pare.train.Variables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/**
 * Sparse variational dropout (Molchanov, Ashukha and Vetrov 2017): a weight is {@code θ + σ·ε}, ε
 * normal and drawn anew for each step, and θ and {@code log σ²} are trained. To the mean loss are
 * added {@code λ/N} times the divergences from a log-uniform prior, of N examples, by the paper's
 * approximation ({@link #divergence}). Weights with {@code log α = log σ²/θ² > 3} are zero in the
 * end.
 *
 * <p>Noise is drawn once a step for all its examples, as layers of any kind can have it, where the
 * paper draws it for each example of dense and convolution layers.
 */
final class VariationalWeights implements Regularization.Way, Variables, Schedule {
  /** More noise than that is no signal. */
  private static final float MOST_LOG_ALPHA = 3;

  /** The paper's constants of the divergence. */
  private static final float K1 = 0.63576f;

  private static final float K2 = 1.87320f;
  private static final float K3 = 1.48695f;

  /** log σ² of all weights at the start, the paper's. */
  private static final float FIRST_LOG_VARIANCE = -10;

  /**
   * log σ² over the variable it is trained by. The optimizer moves variables by about its learning
   * rate, whatever their gradients; logarithms have further to go than weights.
   */
  static final float PACE = 40;

  /** Added to θ², for a logarithm at zero. */
  private static final float LEAST_SQUARE = 1e-12f;

  /** So much noise would not even be trained away. */
  private static final float MOST_LOG_VARIANCE = 0;

  private static final int NORMALS = 1 << 16;

  private final Network start;
  private final Ramp ramp;
  private final int examples;
  private final SplittableRandom random;
  private final float[] normals = normals();
  private final float[] values;
  private final float[] mask;
  private final float[] parameters;
  private final float[] gradient;
  private final float[] deviations;
  private final float[] noise;
  private final List<Range> ranges;
  private final List<Span> spans;
  private float divergenceWeight;

  /**
   * A tensor's weights.
   *
   * @param from index of the first among the parameters
   * @param variance index of the first one's {@code log σ²/PACE} among the variables
   * @param noise index of the first one's among all weights
   */
  private record Span(int from, int count, int variance, int noise) {}

  VariationalWeights(Network start, Ramp ramp, int examples, long seed) {
    this.start = start;
    this.ramp = ramp;
    this.examples = examples;
    this.random = new SplittableRandom(seed).split();
    int count = start.parameters().length;
    this.ranges = new ArrayList<>(MaskedWeights.ranges(start.architecture()));
    this.spans = new ArrayList<>();
    int weights = 0;
    for (Range range : ranges) {
      if (range.kind() == Kind.WEIGHTS) {
        int length = range.to() - range.from();
        spans.add(new Span(range.from(), length, count + weights, weights));
        weights += length;
      }
    }
    ranges.add(new Range(count, count + weights, Kind.FREE));
    this.values = Arrays.copyOf(start.parameters(), count + weights);
    Arrays.fill(values, count, count + weights, FIRST_LOG_VARIANCE / PACE);
    this.mask = new float[values.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = values[i] == 0 ? 0 : 1;
    }
    this.parameters = start.parameters().clone();
    this.gradient = new float[values.length];
    this.deviations = new float[weights];
    this.noise = new float[weights];
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

  /** Many normal numbers, of mean 0 and variance 1, to draw from. */
  private static float[] normals() {
    DoubleSupplier source = Initialization.normals(0);
    double[] half = new double[NORMALS / 2];
    double sum = 0;
    for (int i = 0; i < half.length; i++) {
      half[i] = source.getAsDouble();
      sum += half[i] * half[i];
    }
    double scale = Math.sqrt(half.length / sum);
    float[] normals = new float[NORMALS];
    for (int i = 0; i < half.length; i++) {
      normals[i] = (float) (half[i] * scale);
      normals[half.length + i] = -normals[i];
    }
    return normals;
  }

  @Override
  public Variables variables() {
    return this;
  }

  @Override
  public Schedule schedule() {
    return this;
  }

  @Override
  public void before(int step, int steps) {
    divergenceWeight = (float) (ramp.at(step, steps) / examples);
    long bits = 0;
    for (int i = 0; i < noise.length; i++) {
      if (i % 4 == 0) {
        bits = random.nextLong();
      }
      noise[i] = normals[(int) bits & NORMALS - 1];
      bits >>>= 16;
    }
  }

  @Override
  public float[] parameters() {
    System.arraycopy(values, 0, parameters, 0, parameters.length);
    for (Span span : spans) {
      for (int i = 0; i < span.count(); i++) {
        float deviation = deviation(values[span.variance() + i]);
        deviations[span.noise() + i] = deviation;
        parameters[span.from() + i] += mask[span.from() + i] * deviation * noise[span.noise() + i];
      }
    }
    return parameters;
  }

  private static float deviation(float variable) {
    return Exponential.exp(0.5f * Math.min(MOST_LOG_VARIANCE, PACE * variable));
  }

  private static float logAlpha(float mean, float variable) {
    float logVariance = Math.min(MOST_LOG_VARIANCE, PACE * variable);
    return logVariance - Logarithm.log(mean * mean + LEAST_SQUARE);
  }

  @Override
  public float[] pullBack(float[] parameterGradient) {
    System.arraycopy(parameterGradient, 0, gradient, 0, parameterGradient.length);
    float weight = divergenceWeight;
    for (Span span : spans) {
      for (int i = 0; i < span.count(); i++) {
        int at = span.from() + i;
        float mean = values[at];
        float g = parameterGradient[at];
        float slope = weight * slope(logAlpha(mean, values[span.variance() + i]));
        float byVariance =
            0.5f * g * noise[span.noise() + i] * deviations[span.noise() + i] + slope;
        gradient[at] = g - slope * 2 * mean / (mean * mean + LEAST_SQUARE);
        gradient[span.variance() + i] = mask[at] * PACE * byVariance;
      }
    }
    return gradient;
  }

  @Override
  public Network network() {
    float[] means = Arrays.copyOf(values, parameters.length);
    for (Span span : spans) {
      for (int i = 0; i < span.count(); i++) {
        int at = span.from() + i;
        if (mask[at] == 0 || logAlpha(means[at], values[span.variance() + i]) > MOST_LOG_ALPHA) {
          means[at] = 0;
        }
      }
    }
    return new Network(start.architecture(), means);
  }

  @Override
  public float[] values() {
    return values;
  }

  @Override
  public List<Range> ranges() {
    return ranges;
  }

  @Override
  public float[] mask() {
    return mask;
  }
}
