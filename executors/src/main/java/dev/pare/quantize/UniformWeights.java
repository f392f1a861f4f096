package dev.pare.quantize;

import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.layers.Exponential;
import dev.pare.layers.Sums;
import dev.pare.sparsify.ReducedNetwork;
import dev.pare.train.MaskedWeights;
import dev.pare.train.TrainableParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Weights rounded to {@code level·scale}, level a whole number from −Q to Q with {@code Q =
 * 2^(bits−1) − 1}; with one bit the levels are −1 and 1. Scales are one a tensor, one an output
 * unit, or one a group of its weights.
 *
 * <p>The variables are the underlying weights, which pass the gradient straight through (Bengio,
 * Léonard and Courville 2013) where they are within range, the biases, and the scales' logarithms,
 * so that a step of the optimizer changes a scale by a share of it. A scale's gradient is that of
 * learned step sizes (Esser et al. 2020). In range is what rounds to a level, up to {@code (Q +
 * ½)·scale}, where the paper ends at {@code Q·scale}: it clips first and rounds then. With one bit
 * everything is in range. Weights that were zero at the start stay zero.
 */
public final class UniformWeights implements TrainableParameters {
  private static final float ROUNDING = 1.5f * (1 << 23);
  private static final int WHOLE_TENSOR = Integer.MAX_VALUE;

  private final List<Group> groups = new ArrayList<>();
  private final List<Range> ranges;
  private final float[] values;
  private final float[] mask;
  private final int[] live;
  private final float[] parameters;
  private final float[] gradient;
  private final float[] terms;
  private final int group;
  private final int most;
  private final boolean zeroLevel;

  /**
   * A range of parameters with a common scale.
   *
   * @param scale index of the scale's logarithm among the variables, relative to where it started
   * @param start the scale at the start
   */
  private record Group(ParameterTensor tensor, int from, int to, int scale, float start) {}

  /** Which weights share a scale. */
  public enum Sharing {
    TENSOR,
    ROW
  }

  /**
   * Starts from a network's weights, each scale the one that rounds its weights with the least
   * squared error: with one bit the mean magnitude of those that are not zero.
   *
   * @param bits 1 to 8
   */
  public UniformWeights(Network start, int bits, Sharing sharing) {
    this(start, bits, sharing == Sharing.TENSOR ? WHOLE_TENSOR : WHOLE_TENSOR - 1);
  }

  /**
   * The same with a scale for each group of weights in a row.
   *
   * @param group weights of a group, at least 1; the last group of a row may have fewer
   */
  public static UniformWeights grouped(Network start, int bits, int group) {
    if (group < 1) {
      throw new IllegalArgumentException("group = " + group + ": must be at least 1");
    }
    return new UniformWeights(start, bits, Math.min(group, WHOLE_TENSOR - 1));
  }

  private UniformWeights(Network start, int bits, int group) {
    this.group = group;
    this.most = bits == 1 ? 1 : (1 << (bits - 1)) - 1;
    this.zeroLevel = bits > 1;
    int scale = start.parameters().length;
    for (ParameterTensor tensor : start.architecture().tensors()) {
      if (tensor.isWeight()) {
        int run = group == WHOLE_TENSOR ? tensor.size() : tensor.columns();
        for (int row = tensor.offset(); row < tensor.end(); row += run) {
          int length = length(tensor);
          for (int from = row; from < row + run; from += length) {
            int to = Math.min(from + length, row + run);
            groups.add(
                new Group(tensor, from, to, scale++, startScale(start.parameters(), from, to)));
          }
        }
      }
    }
    this.values = Arrays.copyOf(start.parameters(), scale);
    this.mask = new float[scale];
    for (int i = 0; i < scale; i++) {
      mask[i] = values[i] == 0 ? 0 : 1;
    }
    this.parameters = new float[start.parameters().length];
    this.gradient = new float[scale];
    this.terms = new float[parameters.length];
    List<Range> all = new ArrayList<>(MaskedWeights.ranges(start.architecture()));
    all.add(new Range(parameters.length, scale, Kind.FREE));
    this.ranges = List.copyOf(all);
    this.live = TrainableParameters.fewOf(ranges, mask);
  }

  /** How many weights of a tensor follow on each other with one scale, but at the end of a row. */
  private int length(ParameterTensor tensor) {
    return group == WHOLE_TENSOR ? tensor.size() : Math.min(group, tensor.columns());
  }

  private float scale(Group group) {
    return group.start() * Exponential.exp(values[group.scale()]);
  }

  private float startScale(float[] weights, int from, int to) {
    return zeroLevel ? bestScale(weights, from, to) : meanMagnitude(weights, from, to);
  }

  /** The scale of least squared error where there are signs alone (Rastegari et al. 2016). */
  private static float meanMagnitude(float[] weights, int from, int to) {
    double sum = 0;
    int count = 0;
    for (int i = from; i < to; i++) {
      sum += Math.abs(weights[i]);
      count += weights[i] == 0 ? 0 : 1;
    }
    return count == 0 ? 1 : (float) (sum / count);
  }

  /** Least squared error over scales that clip the largest weight not at all up to strongly. */
  private float bestScale(float[] weights, int from, int to) {
    float largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(weights[i]));
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
        float w = weights[i];
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

  /**
   * Begins with levels of a tensor other than the nearest.
   *
   * @param levels row-major; 0 where the weight was zero at the start
   */
  void begin(ParameterTensor tensor, short[] levels) {
    for (Group group : groups) {
      if (group.tensor().equals(tensor)) {
        for (int i = group.from(); i < group.to(); i++) {
          values[i] = levels[i - tensor.offset()] * scale(group);
        }
      }
    }
  }

  /** The level nearest to a weight. */
  int level(float weight, float scale) {
    if (!zeroLevel) {
      return weight < 0 ? -1 : 1;
    }
    float ratio = Math.max(-most, Math.min(most, weight * (1 / scale)));
    return (int) ((ratio + ROUNDING) - ROUNDING);
  }

  @Override
  public float[] values() {
    return values;
  }

  @Override
  public float[] parameters() {
    for (Range range : ranges) {
      if (range.kind() != Kind.WEIGHTS && range.to() <= parameters.length) {
        int count = range.to() - range.from();
        System.arraycopy(values, range.from(), parameters, range.from(), count);
      }
    }
    for (Group group : groups) {
      float scale = scale(group);
      if (zeroLevel) {
        round(group.from(), group.to(), scale);
      } else {
        for (int i = group.from(); i < group.to(); i++) {
          parameters[i] = mask[i] * Math.copySign(scale, values[i]) + 0f;
        }
      }
    }
    return parameters;
  }

  /** What is pruned is zero among the values, and so rounds to zero. */
  private void round(int from, int to, float scale) {
    float inverse = 1 / scale;
    float limit = most;
    for (int i = from; i < to; i++) {
      float ratio = Math.max(-limit, Math.min(limit, values[i] * inverse));
      // Adding and taking away 1.5·2²³ leaves the nearest whole number, ties to even.
      float level = (ratio + ROUNDING) - ROUNDING;
      // Adding zero makes minus zero plain zero.
      parameters[i] = level * scale + 0f;
    }
  }

  @Override
  public float[] pullBack(float[] parameterGradient) {
    for (Range range : ranges) {
      if (range.kind() != Kind.WEIGHTS && range.to() <= parameters.length) {
        int count = range.to() - range.from();
        System.arraycopy(parameterGradient, range.from(), gradient, range.from(), count);
      }
    }
    for (Group group : groups) {
      if (zeroLevel) {
        passThrough(
            values,
            parameters,
            parameterGradient,
            gradient,
            terms,
            group.from(),
            group.to(),
            (most + 0.5f) * scale(group));
      } else {
        passSigns(parameterGradient, group.from(), group.to());
      }
      gradient[group.scale()] = Sums.of(terms, group.from(), group.to() - group.from());
    }
    return gradient;
  }

  /**
   * Within reach of the levels the gradient passes; the scale's terms are {@code g·(parameter − w)}
   * there, beyond {@code g·parameter}. What is pruned has no term, as both are zero, and what its
   * gradient is the optimizer ignores.
   */
  private static void passThrough(
      float[] weights,
      float[] rounded,
      float[] parameterGradient,
      float[] gradient,
      float[] terms,
      int from,
      int to,
      float reach) {
    for (int i = from; i < to; i++) {
      // 1 within reach, else 0, without a branch that could not be predicted.
      float excess = Math.max(0f, Math.abs(weights[i]) - reach) * Float.MAX_VALUE;
      float within = 1 - Math.min(1f, excess);
      terms[i] = parameterGradient[i] * (rounded[i] - within * weights[i]);
      gradient[i] = parameterGradient[i] * within;
    }
  }

  private void passSigns(float[] parameterGradient, int from, int to) {
    for (int i = from; i < to; i++) {
      gradient[i] = parameterGradient[i];
      terms[i] = parameterGradient[i] * parameters[i];
    }
  }

  @Override
  public List<Range> ranges() {
    return ranges;
  }

  @Override
  public float[] mask() {
    return mask;
  }

  @Override
  public int[] liveParameters() {
    return live;
  }

  /** The levels of a weight tensor, row-major. */
  public short[] levels(ParameterTensor tensor) {
    short[] levels = new short[tensor.size()];
    for (Group group : groups) {
      if (group.tensor().equals(tensor)) {
        for (int i = group.from(); i < group.to(); i++) {
          levels[i - tensor.offset()] = (short) (mask[i] == 0 ? 0 : level(values[i], scale(group)));
        }
      }
    }
    return levels;
  }

  /** The levels of a weight tensor, row-major, of which some are nearer to zero: they cost less. */
  public short[] levels(ParameterTensor tensor, RateDistortion choice) {
    float[] weights = Arrays.copyOfRange(values, tensor.offset(), tensor.end());
    float[] scales = scales(tensor);
    int columns = tensor.columns();
    int length = length(tensor);
    short[] levels = levels(tensor);
    RateDistortion own = choice.on(tensor);
    if (length < columns) {
      int groupsOfRow = (columns - 1) / length + 1;
      return own.lowerOnGrid(
          tensor.rows(),
          columns,
          weights,
          levels,
          (index, level) ->
              (double) level * scales[index / columns * groupsOfRow + index % columns / length]);
    }
    boolean shared = length > columns;
    return own.lower(
        tensor.rows(),
        columns,
        weights,
        levels,
        (row, level) -> (double) level * scales[shared ? 0 : row]);
  }

  /** The scales of a weight tensor: one, one a row, or one a group, row by row. */
  public float[] scales(ParameterTensor tensor) {
    List<Float> scales = new ArrayList<>();
    for (Group group : groups) {
      if (group.tensor().equals(tensor)) {
        scales.add(scale(group));
      }
    }
    float[] array = new float[scales.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = scales.get(i);
    }
    return array;
  }

  /**
   * The scales of a weight tensor of the network that was reduced to this one's, which are one or
   * one a row.
   */
  float[] scales(ParameterTensor tensor, ReducedNetwork reduction) {
    float[] scales = scales(reduction.part(tensor));
    return group == WHOLE_TENSOR ? scales : reduction.expandRows(tensor, scales);
  }
}
