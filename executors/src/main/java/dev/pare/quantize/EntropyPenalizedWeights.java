package dev.pare.quantize;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.layers.Exponential;
import dev.pare.layers.Sums;
import dev.pare.train.Schedule;
import dev.pare.train.TrainableParameters;
import java.util.Arrays;
import java.util.List;

/**
 * Weights whose bits in the file are part of the loss (Oktay, Ballé, Singh and Shrivastava 2020): a
 * weight is {@code scale·round(φ)} with a scale a tensor, and λ times the kilobytes of all levels
 * {@code round(φ)} is added to the loss, so that zeros, steps and values follow from what they
 * cost.
 *
 * <p>The variables are {@code φ·step} with the step that the tensor begins with, the root of the
 * mean square of its weights that are not zero, so that the optimizer moves them as it does
 * weights; the biases; and the logarithms of {@code scale/step}. The gradient passes rounding
 * straight. Weights that were zero at the start stay zero.
 *
 * <p>Where the paper trains a density of small networks along, that is fitted anew to the levels of
 * each step here ({@link LevelPrices}), and where it adds noise to φ, the expectation over it is
 * taken. λ rises over the first steps.
 */
final class EntropyPenalizedWeights implements TrainableParameters, Schedule {
  /** Greatest magnitude of a level. */
  static final int MOST = 126;

  /** Share of the steps over which λ rises. */
  private static final double RISE = 0.2;

  /** Bits of a kilobyte. */
  private static final double KILOBYTE = 8000;

  /** Added and taken away, it leaves the nearest whole number, ties to even. */
  private static final float ROUNDING = 1.5f * (1 << 23);

  private final LatentWeights latent;
  private final double rate;
  private final float[] steps;
  private final byte[] levels;
  private final float[] terms;
  private final LevelPrices[] prices;
  private float penalty;

  /**
   * @param start is copied
   * @param rate λ, how much of the loss a kilobyte of the file is worth
   */
  EntropyPenalizedWeights(Network start, double rate) {
    this.latent = new LatentWeights(requireNonNull(start, "start is null"), 1);
    this.rate = rate;
    this.steps = new float[latent.weights.size()];
    this.prices = new LevelPrices[steps.length];
    this.levels = new byte[latent.parameters.length];
    this.terms = new float[latent.parameters.length];
    for (int t = 0; t < steps.length; t++) {
      ParameterTensor tensor = latent.weights.get(t);
      steps[t] = step(start.parameters(), tensor);
      prices[t] = new LevelPrices(tensor.rows(), tensor.columns(), MOST);
    }
  }

  private static float step(float[] weights, ParameterTensor tensor) {
    double sum = 0;
    int count = 0;
    for (int i = tensor.offset(); i < tensor.end(); i++) {
      sum += (double) weights[i] * weights[i];
      count += weights[i] == 0 ? 0 : 1;
    }
    return sum == 0 ? 1 : (float) Math.max(Math.sqrt(sum / count), Float.MIN_NORMAL);
  }

  private int scaleIndex(int t) {
    return latent.parameters.length + t;
  }

  private float scale(int t) {
    return steps[t] * Exponential.exp(latent.values[scaleIndex(t)]);
  }

  @Override
  public void before(int step, int count) {
    double risen = Math.min(1, (step + 1) / (RISE * count));
    penalty = (float) (risen * rate / KILOBYTE);
  }

  @Override
  public float[] values() {
    return latent.values;
  }

  @Override
  public float[] parameters() {
    latent.copyPlain();
    for (int t = 0; t < steps.length; t++) {
      ParameterTensor tensor = latent.weights.get(t);
      float inverse = 1 / steps[t];
      float scale = scale(t);
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        float level = (ratio(i, inverse) + ROUNDING) - ROUNDING;
        levels[i] = (byte) level;
        latent.parameters[i] = level * scale + 0f;
      }
    }
    return latent.parameters;
  }

  private float ratio(int i, float inverse) {
    return Math.max(-MOST, Math.min(MOST, latent.values[i] * inverse));
  }

  @Override
  public float[] pullBack(float[] parameterGradient) {
    latent.passThrough(parameterGradient);
    for (int t = 0; t < steps.length; t++) {
      ParameterTensor tensor = latent.weights.get(t);
      prices[t].fit(levels, tensor.offset());
      for (int row = 0; row < tensor.rows(); row++) {
        pullBack(t, row, tensor.offset() + row * tensor.columns(), tensor.columns());
      }
      latent.gradient[scaleIndex(t)] = Sums.of(terms, tensor.offset(), tensor.size());
    }
    return latent.gradient;
  }

  /** The gradients of a row's weights, which are those of its parameters before. */
  private void pullBack(int t, int row, int from, int columns) {
    float[] gradient = latent.gradient;
    LevelPrices own = prices[t];
    float inverse = 1 / steps[t];
    float stretch = scale(t) * inverse;
    float worth = penalty * inverse;
    for (int column = 0; column < columns; column++) {
      int i = from + column;
      terms[i] = gradient[i] * latent.parameters[i];
      gradient[i] = gradient[i] * stretch + worth * own.slope(row, column, ratio(i, inverse));
    }
  }

  @Override
  public List<Range> ranges() {
    return latent.ranges;
  }

  @Override
  public float[] mask() {
    return latent.mask;
  }

  /** The levels of a weight tensor, row-major. */
  short[] levels(ParameterTensor tensor) {
    parameters();
    short[] own = new short[tensor.size()];
    for (int i = 0; i < own.length; i++) {
      own[i] = levels[tensor.offset() + i];
    }
    return own;
  }

  /** The levels of a weight tensor, row-major, of which some are nearer to zero: they cost less. */
  short[] levels(ParameterTensor tensor, RateDistortion choice) {
    int t = latent.weights.indexOf(tensor);
    float scale = scale(t);
    float[] weights = Arrays.copyOfRange(latent.values, tensor.offset(), tensor.end());
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= scale / steps[t];
    }
    return choice
        .on(tensor)
        .lower(
            tensor.rows(),
            tensor.columns(),
            weights,
            levels(tensor),
            (row, level) -> (double) level * scale);
  }

  /** The scale of a weight tensor. */
  float scale(ParameterTensor tensor) {
    return scale(latent.weights.indexOf(tensor));
  }
}
