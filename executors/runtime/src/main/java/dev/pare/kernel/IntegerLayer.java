package dev.pare.kernel;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Layer;
import dev.pare.graph.Node;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.Quantization;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A layer that is computed in integers: a dense layer, a convolution or an average over windows,
 * whose inputs are levels of a {@link Quantization} and whose weights are whole numbers from −127
 * to 127 times a step, that of their row.
 *
 * <p>With x the input's steps above its zero, w the weights' levels and b the biases as whole
 * numbers of {@code input scale · step}, a sum is {@code Σ x·w + b}, in 32 bits. Where a
 * quantization follows that alone reads it, and nothing but a ReLU or a clipping is between, its
 * steps above its zero are {@code sum · multiplier}, in float arithmetic, rounded to the nearest
 * whole number, to the even one of two, and clipped to {@code least} and {@code most}; the
 * multiplier is {@code input scale · step / output scale}. Else the layer makes the float {@code
 * sum · multiplier}, with {@code input scale · step}. ONNX Runtime does the same with what ONNX
 * calls QLinearConv.
 *
 * @param node of the layer
 * @param last of the nodes that are computed with it: the quantization's, or the layer's own
 * @param layer a {@link Dense} or {@link Convolution}, of an average a depthwise one of ones; its
 *     activation is what is left to apply
 * @param input what it reads levels of
 * @param output what it makes levels of, if it does
 * @param levels of the weights, a row for each unit or filter
 * @param steps of each row, from one level of its weights to the next
 * @param biases one for each row
 * @param multipliers one for each row
 * @param least of the output's steps above its zero
 * @param most of the output's steps above its zero
 */
public record IntegerLayer(
    int node,
    int last,
    Layer layer,
    Quantization input,
    Optional<Quantization> output,
    LevelMatrix levels,
    float[] steps,
    int[] biases,
    float[] multipliers,
    int least,
    int most) {
  /** The largest level of 8 bits, and of either sign. */
  public static final int MOST_LEVEL = 127;

  /** Up to this, whole numbers are floats. */
  static final int EXACT = 1 << 24;

  /** An average over more is left to floats: its ones would take too much room. */
  private static final int MOST_ONES = 1 << 22;

  /** The largest bias: half of the room, so that sums of products do not overflow. */
  private static final int MOST_BIAS = (1 << 30) - 1;

  /**
   * The integers of a layer.
   *
   * @param tensors the layer's own
   * @return none if it must be computed with floats
   */
  public static Optional<IntegerLayer> of(
      Architecture architecture, int node, List<CompressedTensor> tensors) {
    Layer layer = architecture.layers().get(node);
    Optional<Quantization> input = levels(architecture, architecture.source(node));
    if (input.isEmpty()) {
      return Optional.empty();
    }
    if (layer instanceof Pooling pooling) {
      return average(architecture, node, pooling, input.get());
    }
    boolean hasWeights = layer instanceof Dense || layer instanceof Convolution;
    return hasWeights && tensors.get(0) instanceof UniformTensor weights
        ? weighted(architecture, node, input.get(), weights, tensors.get(1).toFloats())
        : Optional.empty();
  }

  /** The layers of a network that are computed in integers, by their nodes. */
  public static Map<Integer, IntegerLayer> all(CompressedNetwork network) {
    Architecture architecture = network.architecture();
    List<List<CompressedTensor>> tensors = new ArrayList<>();
    architecture.nodes().forEach(node -> tensors.add(new ArrayList<>()));
    List<ParameterTensor> places = architecture.tensors();
    for (int i = 0; i < places.size(); i++) {
      tensors.get(places.get(i).layer()).add(network.tensors().get(i));
    }
    Map<Integer, IntegerLayer> all = new TreeMap<>();
    for (int i = 0; i < tensors.size(); i++) {
      int node = i;
      of(architecture, i, tensors.get(i)).ifPresent(layer -> all.put(node, layer));
    }
    return all;
  }

  private static Optional<IntegerLayer> weighted(
      Architecture architecture,
      int node,
      Quantization input,
      UniformTensor weights,
      float[] biases) {
    LevelMatrix levels = weights.levels();
    if (levels.highest() > MOST_LEVEL
        || levels.lowest() < -MOST_LEVEL
        || !isExact(architecture.layers().get(node), levels)) {
      return Optional.empty();
    }
    float[] steps = steps(weights);
    int[] whole = new int[biases.length];
    for (int row = 0; row < biases.length; row++) {
      long largest = largestSum(levels, row, 0, levels.columns());
      double least = Math.abs((double) biases[row]) / ((double) input.scale() * MOST_BIAS);
      if (largest == 0) {
        // Nothing goes by the step of zeros.
        steps[row] = (float) Math.max(steps[row], least);
      }
      float scale = input.scale() * steps[row];
      double bias = Math.rint(biases[row] / (double) scale);
      if (!(scale >= Float.MIN_NORMAL && scale <= Float.MAX_VALUE)
          || Math.abs(bias) > MOST_BIAS
          || largest > MOST_BIAS) {
        return Optional.empty();
      }
      whole[row] = (int) bias;
    }
    IntegerLayer layer =
        of(architecture, node, architecture.layers().get(node), input, levels, steps, whole);
    return layer.isFinite() ? Optional.of(layer) : Optional.empty();
  }

  /** Whether floats hold the sums of the products of one channel, or of one group's. */
  private static boolean isExact(Layer layer, LevelMatrix levels) {
    if (!(layer instanceof Convolution convolution)) {
      return true;
    }
    int together = convolution.groups() > 1 ? levels.columns() : convolution.area();
    return together <= EXACT / MOST_LEVEL / Quantization.LAST_LEVEL;
  }

  /** Of windows that lie within the input, and of which each has a level of its own. */
  private static Optional<IntegerLayer> average(
      Architecture architecture, int node, Pooling pooling, Quantization input) {
    int area = pooling.vertical().kernel() * pooling.horizontal().kernel();
    int channels = architecture.inputShape(node).channels();
    if (pooling.pool() != Pooling.Pool.AVERAGE
        || pooling.vertical().isPadded()
        || pooling.horizontal().isPadded()
        || area > EXACT / Quantization.LAST_LEVEL
        || (long) area * channels > MOST_ONES) {
      return Optional.empty();
    }
    Layer sums =
        new Convolution(
            channels, channels, pooling.vertical(), pooling.horizontal(), Activation.IDENTITY);
    short[] ones = new short[channels * area];
    Arrays.fill(ones, (short) 1);
    float[] steps = new float[channels];
    Arrays.fill(steps, 1f / area);
    IntegerLayer layer =
        of(
            architecture,
            node,
            sums,
            input,
            new LevelMatrix(channels, area, ones),
            steps,
            new int[channels]);
    // An average of floats is as good as one of integers.
    return layer.output.isPresent() && layer.isFinite() ? Optional.of(layer) : Optional.empty();
  }

  private boolean isFinite() {
    for (float multiplier : multipliers) {
      if (!Float.isFinite(multiplier)) {
        return false;
      }
    }
    return true;
  }

  private static IntegerLayer of(
      Architecture architecture,
      int node,
      Layer layer,
      Quantization input,
      LevelMatrix levels,
      float[] steps,
      int[] biases) {
    float[] multipliers = new float[steps.length];
    for (int row = 0; row < steps.length; row++) {
      multipliers[row] = input.scale() * steps[row];
    }
    Optional<Requantization> following = Requantization.after(architecture, node);
    if (following.isEmpty()) {
      return new IntegerLayer(
          node, node, layer, input, Optional.empty(), levels, steps, biases, multipliers, 0, 0);
    }
    Requantization made = following.get();
    for (int row = 0; row < steps.length; row++) {
      multipliers[row] /= made.output().scale();
    }
    return new IntegerLayer(
        node,
        made.last(),
        layer.withActivation(Activation.IDENTITY),
        input,
        Optional.of(made.output()),
        levels,
        steps,
        biases,
        multipliers,
        made.least(),
        made.most());
  }

  /**
   * The quantization whose levels a node's numbers are, if they are any's.
   *
   * @param node or {@link Node#NETWORK_INPUT}
   */
  public static Optional<Quantization> levels(Architecture architecture, int node) {
    Quantization found = null;
    // Each node once: through layers that read one twice there are more ways than one can go.
    BitSet seen = new BitSet();
    Deque<Integer> left = new ArrayDeque<>(List.of(node));
    while (!left.isEmpty()) {
      int at = left.pop();
      if (at == Node.NETWORK_INPUT) {
        return Optional.empty();
      }
      Layer layer = architecture.layers().get(at);
      if (layer instanceof Quantization quantization) {
        if (found != null && !found.equals(quantization)) {
          return Optional.empty();
        }
        found = quantization;
      } else if (!layer.picksNumbers()) {
        return Optional.empty();
      } else if (!seen.get(at)) {
        seen.set(at);
        left.addAll(architecture.nodes().get(at).inputs());
      }
    }
    return Optional.ofNullable(found);
  }

  /** Of each row, from one level of the weights to the next, above 0. */
  private static float[] steps(UniformTensor weights) {
    float least = Float.POSITIVE_INFINITY;
    for (float scale : weights.scales()) {
      least = scale > 0 ? Math.min(least, scale) : least;
    }
    float[] steps = new float[weights.rows()];
    for (int row = 0; row < steps.length; row++) {
      float own = weights.scale(row);
      // A row of zeros may have any.
      steps[row] = own > 0 ? own : Float.isFinite(least) ? least : 1;
    }
    return steps;
  }

  /** The largest magnitude that the products of some of a row's columns can add up to. */
  long largestSum(int row, int from, int to) {
    return largestSum(levels, row, from, to);
  }

  private static long largestSum(LevelMatrix levels, int row, int from, int to) {
    long sum = 0;
    for (int i = row * levels.columns() + from; i < row * levels.columns() + to; i++) {
      sum += Math.abs(levels.at(i));
    }
    return sum * Quantization.LAST_LEVEL;
  }

  /**
   * What the layer makes of a sum.
   *
   * @return steps above the zero of the output, or a float that is no step of one
   */
  float made(int sum, int row) {
    float product = sum * multipliers[row];
    return output.isPresent() ? (int) Math.max(least, Math.min(most, Math.rint(product))) : product;
  }

  /** Whether the output has no other ends than those of its levels. */
  public boolean clipsNothing() {
    return output
        .map(
            levels ->
                least == -levels.zeroPoint()
                    && most == Quantization.LAST_LEVEL - levels.zeroPoint())
        .orElse(true);
  }

  /** The nodes behind the layer's own that are computed with it. */
  public List<Integer> others(Architecture architecture) {
    List<Integer> others = new ArrayList<>();
    for (int at = node; at != last; ) {
      at = architecture.readers(at).get(0);
      others.add(at);
    }
    return others;
  }
}
