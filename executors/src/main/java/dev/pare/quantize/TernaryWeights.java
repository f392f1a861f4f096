package dev.pare.quantize;

import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.layers.Exponential;
import dev.pare.train.TrainableParameters;
import java.util.Arrays;
import java.util.List;

/**
 * Weights of three values a tensor: {@code −n}, 0 and {@code p}, both magnitudes trained (trained
 * ternary quantization, Zhu et al. 2017).
 *
 * <p>The variables are the underlying weights, which pass the gradient straight through, the
 * biases, and the magnitudes' logarithms. A weight is zero up to a threshold, a share of the mean
 * magnitude of its tensor's weights (ternary weight networks, Li and Liu 2016, who show it to be
 * 0.7 for normal ones). The share is settled at the start: that of least squared error, since what
 * pruning leaves is not normal. Weights that were zero at the start stay zero.
 */
public final class TernaryWeights implements TrainableParameters {
  private static final int MOST_SHARE = 40;
  private static final double SHARE_STEP = 0.05;

  private final LatentWeights latent;
  private final double[] share;
  private final float[] startPositive;
  private final float[] startNegative;

  /** Starts from a network's weights. */
  public TernaryWeights(Network start) {
    latent = new LatentWeights(start, 2);
    int count = latent.weights.size();
    share = new double[count];
    startPositive = new float[count];
    startNegative = new float[count];
    for (int t = 0; t < count; t++) {
      double least = Double.POSITIVE_INFINITY;
      for (int step = 0; step <= MOST_SHARE; step++) {
        Split split = new Split(latent, t, step * SHARE_STEP);
        if (split.error() < least) {
          least = split.error();
          share[t] = step * SHARE_STEP;
          startPositive[t] = split.magnitude(1);
          startNegative[t] = split.magnitude(-1);
        }
      }
    }
  }

  /** A tensor's weights on either side of a threshold. */
  private static final class Split {
    private final double[] sums = new double[2];
    private final int[] counts = new int[2];
    private double squares;

    Split(LatentWeights latent, int tensor, double share) {
      ParameterTensor place = latent.weights.get(tensor);
      double threshold = share * meanMagnitude(latent, place);
      for (int i = place.offset(); i < place.end(); i++) {
        double w = latent.values[i];
        squares += w * w;
        if (w != 0 && Math.abs(w) > threshold) {
          int side = w > 0 ? 1 : 0;
          sums[side] += Math.abs(w);
          counts[side]++;
        }
      }
    }

    /** With each side at its mean. */
    double error() {
      double error = squares;
      for (int side = 0; side < 2; side++) {
        error -= counts[side] == 0 ? 0 : sums[side] * sums[side] / counts[side];
      }
      return error;
    }

    /** The mean of a side; where it has none, that of the other, or 1. */
    float magnitude(int sign) {
      int side = sign > 0 ? 1 : 0;
      int there = counts[side] > 0 ? side : 1 - side;
      return counts[there] == 0 ? 1 : (float) (sums[there] / counts[there]);
    }
  }

  private static double meanMagnitude(LatentWeights latent, ParameterTensor tensor) {
    double sum = 0;
    int count = 0;
    for (int i = tensor.offset(); i < tensor.end(); i++) {
      sum += Math.abs(latent.values[i]);
      count += latent.mask[i] == 0 ? 0 : 1;
    }
    return count == 0 ? 0 : sum / count;
  }

  private int positiveLog(int tensor) {
    return latent.parameters.length + 2 * tensor;
  }

  private float positive(int tensor) {
    return startPositive[tensor] * Exponential.exp(latent.values[positiveLog(tensor)]);
  }

  private float negative(int tensor) {
    return startNegative[tensor] * Exponential.exp(latent.values[positiveLog(tensor) + 1]);
  }

  @Override
  public float[] values() {
    return latent.values;
  }

  @Override
  public float[] parameters() {
    latent.copyPlain();
    for (int t = 0; t < share.length; t++) {
      ParameterTensor tensor = latent.weights.get(t);
      float threshold = (float) (share[t] * meanMagnitude(latent, tensor));
      float positive = positive(t);
      float negative = -negative(t);
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        float w = latent.values[i];
        latent.parameters[i] = w > threshold ? positive : w < -threshold ? negative : 0;
      }
    }
    return latent.parameters;
  }

  @Override
  public float[] pullBack(float[] parameterGradient) {
    latent.passThrough(parameterGradient);
    for (int t = 0; t < share.length; t++) {
      ParameterTensor tensor = latent.weights.get(t);
      double positive = 0;
      double negative = 0;
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        float product = parameterGradient[i] * latent.parameters[i];
        if (latent.parameters[i] > 0) {
          positive += product;
        } else {
          negative += product;
        }
      }
      latent.gradient[positiveLog(t)] = (float) positive;
      latent.gradient[positiveLog(t) + 1] = (float) negative;
    }
    return latent.gradient;
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

  /** The levels of a weight tensor, row-major: −1, 0 or 1. */
  public short[] levels(ParameterTensor tensor) {
    float[] parameters = parameters();
    short[] levels = new short[tensor.size()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (short) Math.signum(parameters[tensor.offset() + i]);
    }
    return levels;
  }

  /** The levels of a weight tensor, row-major, of which some are zero: they cost less. */
  public short[] levels(ParameterTensor tensor, RateDistortion choice) {
    float[] codebook = codebook(tensor);
    return choice
        .on(tensor)
        .lower(
            tensor.rows(),
            tensor.columns(),
            Arrays.copyOfRange(latent.values, tensor.offset(), tensor.end()),
            levels(tensor),
            (row, level) -> level == 0 ? 0 : codebook[level < 0 ? 0 : 1]);
  }

  /** The values of a weight tensor: {@code −n} and {@code p}. */
  public float[] codebook(ParameterTensor tensor) {
    int t = latent.weights.indexOf(tensor);
    if (t < 0) {
      throw new IllegalArgumentException("no weight tensor " + tensor.name());
    }
    return new float[] {-negative(t), positive(t)};
  }
}
