package dev.pare.quantize;

import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.train.TrainableParameters;
import java.util.Arrays;
import java.util.List;

/**
 * Weights rounded to the nearest of zero and, of either sign, {@code 2^(bits−1)} powers of two that
 * follow on each other, the same for a tensor (Zhou et al. 2017): products become shifts, and the
 * values take a byte in the file.
 *
 * <p>The variables are the underlying weights, which pass the gradient straight through, and the
 * biases. Which powers there are is settled at the start, by the least squared error. Weights that
 * were zero at the start stay zero.
 */
public final class PowerOfTwoWeights implements TrainableParameters {
  // Such that no power is a denormal number, whose products are slow, nor infinite.
  private static final int LEAST_EXPONENT = Float.MIN_EXPONENT;

  /** Halfway between powers of two, as a share of the upper one, is three quarters. */
  private static final float TO_EXPONENT = 4f / 3;

  private final LatentWeights latent;
  private final int most;
  private final int[] least;

  /** Starts from a network's weights; bits 1 to 8. */
  public PowerOfTwoWeights(Network start, int bits) {
    latent = new LatentWeights(start, 0);
    // Bits 8 would begin with powers that no float weight needs.
    most = Math.min(1 << bits - 1, Float.MAX_EXPONENT);
    least = new int[latent.weights.size()];
    for (int t = 0; t < least.length; t++) {
      least[t] = bestLeast(start.parameters(), latent.weights.get(t));
    }
  }

  private int bestLeast(float[] weights, ParameterTensor tensor) {
    float largest = 0;
    for (int i = tensor.offset(); i < tensor.end(); i++) {
      largest = Math.max(largest, Math.abs(weights[i]));
    }
    int top = Math.max(Math.getExponent(largest), LEAST_EXPONENT) + 1;
    int best = LEAST_EXPONENT;
    double leastError = Double.POSITIVE_INFINITY;
    for (int greatest = top; greatest > top - 4; greatest--) {
      int candidate = Math.max(LEAST_EXPONENT, Math.min(greatest, Float.MAX_EXPONENT) - most + 1);
      double error = 0;
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        double away = weights[i] - value(level(weights[i], candidate), candidate);
        error += away * away;
      }
      if (error < leastError) {
        leastError = error;
        best = candidate;
      }
    }
    return best;
  }

  /** The level whose value is nearest: 0, or from 1 up along the powers, with the weight's sign. */
  private int level(float weight, int least) {
    float magnitude = Math.abs(weight);
    if (magnitude <= value(1, least) / 2) {
      return 0;
    }
    int exponent = Math.getExponent(magnitude * TO_EXPONENT);
    int level = Math.max(1, Math.min(most, exponent - least + 1));
    return weight < 0 ? -level : level;
  }

  private static float value(int level, int least) {
    if (level == 0) {
      return 0;
    }
    // Put together from its bits: this is what every weight takes in every step.
    int exponent = least + Math.abs(level) - 1 + Float.MAX_EXPONENT;
    return Float.intBitsToFloat(level & Integer.MIN_VALUE | exponent << 23);
  }

  @Override
  public float[] values() {
    return latent.values;
  }

  @Override
  public float[] parameters() {
    latent.copyPlain();
    for (int t = 0; t < least.length; t++) {
      ParameterTensor tensor = latent.weights.get(t);
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        latent.parameters[i] = value(level(latent.values[i], least[t]), least[t]);
      }
    }
    return latent.parameters;
  }

  @Override
  public float[] pullBack(float[] parameterGradient) {
    return parameterGradient;
  }

  @Override
  public List<Range> ranges() {
    return latent.ranges;
  }

  @Override
  public float[] mask() {
    return latent.mask;
  }

  @Override
  public int[] liveParameters() {
    return latent.live;
  }

  /**
   * The levels of a weight tensor, row-major: n for {@code 2^(least + n − 1)}, −n for minus that.
   */
  public short[] levels(ParameterTensor tensor) {
    int exponent = least(tensor);
    short[] levels = new short[tensor.size()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (short) level(latent.values[tensor.offset() + i], exponent);
    }
    return levels;
  }

  /** The levels of a weight tensor, row-major, of which some are nearer to zero: they cost less. */
  public short[] levels(ParameterTensor tensor, RateDistortion choice) {
    int exponent = least(tensor);
    return choice
        .on(tensor)
        .lowerOnGrid(
            tensor.rows(),
            tensor.columns(),
            Arrays.copyOfRange(latent.values, tensor.offset(), tensor.end()),
            levels(tensor),
            (index, level) -> value(level, exponent));
  }

  /** The exponent of a weight tensor's least power. */
  public int least(ParameterTensor tensor) {
    int t = latent.weights.indexOf(tensor);
    if (t < 0) {
      throw new IllegalArgumentException("no weight tensor " + tensor.name());
    }
    return least[t];
  }
}
