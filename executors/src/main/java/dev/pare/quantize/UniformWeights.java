package dev.pare.quantize;

import dev.pare.model.Network;
import dev.pare.model.ParameterTensor;
import dev.pare.model.ParameterTensor.Role;
import dev.pare.train.Variables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Weights rounded to {@code level·scale}, level a whole number from −Q to Q with {@code Q =
 * 2^(bits−1) − 1}; with one bit the levels are −1 and 1. Scales are one a tensor or one an output
 * unit.
 *
 * <p>The variables are the underlying weights, which pass the gradient straight through (Bengio,
 * Léonard and Courville 2013) where they are within range, the biases, and the scales, whose
 * gradient is that of learned step sizes (Esser et al. 2020). In range is what rounds to a level,
 * up to {@code (Q + ½)·scale}, where the paper ends at {@code Q·scale}: it clips first and rounds
 * then. With one bit everything is in range. Weights that were zero at the start stay zero.
 */
public final class UniformWeights implements Variables {
  private final Network start;
  private final List<Group> groups = new ArrayList<>();
  private final float[] values;
  private final int most;
  private final boolean zeroLevel;

  /** A range of parameters with a common scale. */
  private record Group(ParameterTensor tensor, int from, int to, int scale, float scaleRate) {}

  /** Which weights share a scale. */
  public enum Sharing {
    TENSOR,
    ROW
  }

  /**
   * Starts from a network's weights, each scale the one that rounds its weights with the least
   * squared error.
   *
   * @param bits 1 to 8
   */
  public UniformWeights(Network start, int bits, Sharing sharing) {
    this.start = start;
    this.most = bits == 1 ? 1 : (1 << (bits - 1)) - 1;
    this.zeroLevel = bits > 1;
    int parameters = start.parameters().length;
    int scale = parameters;
    for (ParameterTensor tensor : start.architecture().tensors()) {
      if (tensor.role() == Role.WEIGHT) {
        int length = sharing == Sharing.TENSOR ? tensor.size() : tensor.columns();
        for (int from = tensor.offset(); from < tensor.end(); from += length) {
          float rate = (float) (1 / Math.sqrt((double) length * most));
          groups.add(new Group(tensor, from, from + length, scale++, rate));
        }
      }
    }
    this.values = Arrays.copyOf(start.parameters(), scale);
    for (Group group : groups) {
      values[group.scale()] = bestScale(group.from(), group.to());
    }
  }

  /** Least squared error over scales that clip the largest weight not at all up to strongly. */
  private float bestScale(int from, int to) {
    float largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    if (largest == 0) {
      return 1;
    }
    float best = 1;
    double leastError = Double.POSITIVE_INFINITY;
    for (int candidate = 100; candidate >= 10; candidate--) {
      float scale = largest * candidate / 100 / most;
      double error = 0;
      for (int i = from; i < to; i++) {
        float w = values[i];
        if (w != 0) {
          double difference = w - level(w, scale) * scale;
          error += difference * difference;
        }
      }
      if (error < leastError) {
        leastError = error;
        best = scale;
      }
    }
    return best;
  }

  private int level(float weight, float scale) {
    if (!zeroLevel) {
      return weight < 0 ? -1 : 1;
    }
    float ratio = weight / scale;
    int rounded = (int) (ratio + Math.copySign(0.5f, ratio));
    return Math.max(-most, Math.min(most, rounded));
  }

  @Override
  public float[] values() {
    return values;
  }

  @Override
  public void materialize(float[] parameters) {
    System.arraycopy(values, 0, parameters, 0, parameters.length);
    float[] pruned = start.parameters();
    for (Group group : groups) {
      float scale = values[group.scale()];
      for (int i = group.from(); i < group.to(); i++) {
        parameters[i] = pruned[i] == 0 ? 0 : level(values[i], scale) * scale;
      }
    }
  }

  @Override
  public void pullBack(float[] parameterGradient, float[] gradient) {
    System.arraycopy(parameterGradient, 0, gradient, 0, parameterGradient.length);
    float[] pruned = start.parameters();
    for (Group group : groups) {
      float scale = values[group.scale()];
      float reach = (most + 0.5f) * scale;
      double scaleGradient = 0;
      for (int i = group.from(); i < group.to(); i++) {
        float w = values[i];
        float g = parameterGradient[i];
        if (pruned[i] == 0) {
          gradient[i] = 0;
        } else if (Math.abs(w) > reach && zeroLevel) {
          gradient[i] = 0;
          scaleGradient += g * Math.copySign(most, w);
        } else if (zeroLevel) {
          scaleGradient += g * (level(w, scale) - w / scale);
        } else {
          scaleGradient += g * level(w, scale);
        }
      }
      gradient[group.scale()] = (float) (scaleGradient * group.scaleRate());
    }
  }

  @Override
  public void afterUpdate() {
    for (Group group : groups) {
      // A scale that reaches zero would take its weights with it.
      values[group.scale()] = Math.max(values[group.scale()], 1e-8f);
    }
  }

  /** The levels of a weight tensor, row-major. */
  public short[] levels(ParameterTensor tensor) {
    short[] levels = new short[tensor.size()];
    for (Group group : groups) {
      if (group.tensor().equals(tensor)) {
        for (int i = group.from(); i < group.to(); i++) {
          levels[i - tensor.offset()] =
              (short) (start.parameters()[i] == 0 ? 0 : level(values[i], values[group.scale()]));
        }
      }
    }
    return levels;
  }

  /** The scales of a weight tensor: one, or one a row. */
  public float[] scales(ParameterTensor tensor) {
    List<Float> scales = new ArrayList<>();
    for (Group group : groups) {
      if (group.tensor().equals(tensor)) {
        scales.add(values[group.scale()]);
      }
    }
    float[] array = new float[scales.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = scales.get(i);
    }
    return array;
  }

  /** The biases, trained along. */
  public float[] bias(ParameterTensor tensor) {
    return Arrays.copyOfRange(values, tensor.offset(), tensor.end());
  }
}
