package dev.pare.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Elementwise;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Node;
import dev.pare.graph.Pooling;
import dev.pare.graph.Quantization;
import dev.pare.graph.Reversal;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Step;
import dev.pare.graph.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers in integers against plain loops over whole numbers of 64 bits. */
class IntegerKernelTest {
  static Stream<Architecture> architectures() {
    return IntegerNetworks.chains();
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void agreesWithPlainWholeNumbersToTheBit(Architecture architecture) {
    Random random = new Random(5);
    List<CompressedTensor> tensors = IntegerNetworks.tensors(architecture, random);
    ForwardPass pass = new ForwardPass(architecture, tensors::get);
    List<float[]> examples = new ArrayList<>();
    for (int e = 0; e < 40; e++) {
      examples.add(IntegerNetworks.features(architecture, random));
    }
    List<float[]> together = pass.logits(examples);
    for (int e = 0; e < examples.size(); e++) {
      float[] expected = reference(architecture, tensors, examples.get(e));
      assertThat(pass.logits(examples.get(e))).containsExactly(expected);
      assertThat(together.get(e)).containsExactly(expected);
    }
  }

  /** What flows: whole numbers above zero, and what one of them stands for. */
  private record Levels(long[] steps, Quantization of) {}

  private static float[] reference(
      Architecture architecture, List<CompressedTensor> tensors, float[] features) {
    float[] values = features.clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = features[i] / architecture.input().divisor();
    }
    Levels levels = null;
    int next = 0;
    float[] products = values;
    List<Layer> layers = architecture.layers();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      Shape in = architecture.inputShape(i);
      Shape out = architecture.outputShape(i);
      if (layer instanceof Quantization quantization) {
        if (levels == null) {
          long[] steps = new long[products.length];
          for (int j = 0; j < steps.length; j++) {
            long level = (long) Math.rint(products[j] / quantization.scale());
            steps[j] = Math.max(0, Math.min(255, level + quantization.zeroPoint()));
            steps[j] -= quantization.zeroPoint();
          }
          levels = new Levels(steps, quantization);
        }
        continue;
      }
      if (layer instanceof Elementwise) {
        continue;
      }
      if (layer instanceof Pooling pooling && pooling.pool() == Pooling.Pool.MAX) {
        levels = new Levels(sums(architecture, i, levels.steps, null, null), levels.of);
        continue;
      }
      boolean isAverage = layer instanceof Pooling;
      UniformTensor weights = isAverage ? null : (UniformTensor) tensors.get(next++);
      float[] biases = isAverage ? null : tensors.get(next++).toFloats();
      float from = levels.of.scale();
      int rows = out.channels();
      long[] whole = new long[rows];
      float[] scales = new float[rows];
      for (int row = 0; row < rows; row++) {
        scales[row] =
            isAverage ? from * (1f / pooledArea((Pooling) layer)) : from * weights.scale(row);
        whole[row] = isAverage ? 0 : Math.round((double) biases[row] / scales[row]);
      }
      long[] sums = sums(architecture, i, levels.steps, weights, whole);
      boolean isLast = i == layers.size() - 1;
      if (isLast) {
        float[] logits = new float[sums.length];
        for (int j = 0; j < logits.length; j++) {
          logits[j] = (float) sums[j] * scales[j];
        }
        return logits;
      }
      Elementwise clip = layers.get(i + 1) instanceof Elementwise e ? e : null;
      Quantization to = (Quantization) layers.get(clip == null ? i + 1 : i + 2);
      long[] steps = new long[sums.length];
      for (int j = 0; j < steps.length; j++) {
        float scaled = (float) sums[j] * (scales[j / out.places()] / to.scale());
        long level = (long) Math.rint(scaled);
        level = Math.max(-to.zeroPoint(), Math.min(255 - to.zeroPoint(), level));
        if (layer.activation() == Activation.RELU) {
          level = Math.max(0, level);
        }
        if (clip != null) {
          level = Math.max(level, Math.round(clip.first() / to.scale()));
          level = Math.min(level, Math.round(clip.second() / to.scale()));
        }
        steps[j] = level;
      }
      levels = new Levels(steps, to);
      assertThat(in.size()).isPositive();
    }
    throw new AssertionError("no last layer");
  }

  private static int pooledArea(Pooling pooling) {
    return pooling.vertical().kernel() * pooling.horizontal().kernel();
  }

  /** Sums of products and biases; of pooling, the greatest ones or the sums. */
  private static long[] sums(
      Architecture architecture, int layer, long[] x, UniformTensor weights, long[] biases) {
    Shape in = architecture.inputShape(layer);
    Shape out = architecture.outputShape(layer);
    long[] sums = new long[out.size()];
    if (architecture.layers().get(layer) instanceof Dense) {
      for (int row = 0; row < sums.length; row++) {
        sums[row] = biases[row];
        for (int i = 0; i < x.length; i++) {
          sums[row] += x[i] * weights.levels().at(row * x.length + i);
        }
      }
      return sums;
    }
    Window v;
    Window h;
    int groups;
    if (architecture.layers().get(layer) instanceof Convolution convolution) {
      v = convolution.vertical();
      h = convolution.horizontal();
      groups = convolution.groups();
    } else {
      Pooling pooling = (Pooling) architecture.layers().get(layer);
      v = pooling.vertical();
      h = pooling.horizontal();
      groups = in.channels();
    }
    int channels = in.channels() / groups;
    for (int f = 0; f < out.channels(); f++) {
      for (int y = 0; y < out.height(); y++) {
        for (int z = 0; z < out.width(); z++) {
          long sum = biases == null ? Long.MIN_VALUE : biases[f];
          for (int c = 0; c < channels; c++) {
            for (int ky = 0; ky < v.kernel(); ky++) {
              for (int kx = 0; kx < h.kernel(); kx++) {
                int row = y * v.stride() + ky * v.dilation() - v.before();
                int column = z * h.stride() + kx * h.dilation() - h.before();
                if (row < 0 || row >= in.height() || column < 0 || column >= in.width()) {
                  continue;
                }
                int channel = f / (out.channels() / groups) * channels + c;
                long value = x[(channel * in.height() + row) * in.width() + column];
                if (biases == null) {
                  sum = Math.max(sum, value);
                } else {
                  int tap = (c * v.kernel() + ky) * h.kernel() + kx;
                  int columns = channels * v.kernel() * h.kernel();
                  sum += value * (weights == null ? 1 : weights.levels().at(f * columns + tap));
                }
              }
            }
          }
          sums[(f * out.height() + y) * out.width() + z] = sum;
        }
      }
    }
    return sums;
  }

  /** Sums that the float of each term would round are whole numbers all the same. */
  @Test
  void sumsOfOneScaleAreExact() {
    Architecture residual =
        new Architecture(
            new InputShape(4, 1, 1, 1),
            List.of(
                new Quantization(0.0123f, 90),
                new Dense(4, Activation.IDENTITY),
                new Quantization(0.0123f, 120),
                Node.of(new Shortcut(Activation.RELU), 2, 0),
                new Quantization(0.0123f, 0)));
    Random random = new Random(3);
    List<CompressedTensor> tensors = IntegerNetworks.tensors(residual, random);
    ForwardPass pass = new ForwardPass(residual, tensors::get);
    for (int n = 0; n < 500; n++) {
      float[] features = new float[4];
      IntStream.range(0, 4).forEach(i -> features[i] = 4 * random.nextFloat() - 2);
      List<float[]> made = new ArrayList<>();
      pass.show(List.of(features), (node, output) -> made.add(Transposed.of(output)[0]));
      for (int i = 0; i < 4; i++) {
        long first = Math.round(made.get(3)[i] / 0.0123f);
        long second = Math.round(made.get(1)[i] / 0.0123f);
        long sum = Math.max(0, Math.min(255, first + second));
        assertThat(made.get(5)[i]).isEqualTo(sum * 0.0123f);
      }
    }
  }

  @Test
  void leavesToFloatsWhatHasNoLevels() {
    Architecture architecture =
        new Architecture(
            new InputShape(6, 1, 1, 1),
            List.of(
                new Dense(3, Activation.RELU),
                IntegerNetworks.POSITIVE,
                new Dense(4, Activation.TANH),
                IntegerNetworks.SIGNED,
                IntegerNetworks.OUTPUT));
    Random random = new Random(2);
    List<CompressedTensor> tensors = IntegerNetworks.tensors(architecture, random);
    assertThat(IntegerLayer.of(architecture, 0, tensors.subList(0, 2))).isEmpty();
    IntegerLayer second = IntegerLayer.of(architecture, 2, tensors.subList(2, 4)).orElseThrow();
    // A tanh is no rounding: it gets floats.
    assertThat(second.output()).isEmpty();
    assertThat(second.last()).isEqualTo(2);
    FloatTensor floats = new FloatTensor(3, 6, new float[18]);
    assertThat(IntegerLayer.of(architecture, 2, List.of(floats, tensors.get(3)))).isEmpty();
    short[] large = new short[12];
    large[4] = 128;
    UniformTensor wide = new UniformTensor(new LevelMatrix(4, 3, large), new float[] {1});
    assertThat(IntegerLayer.of(architecture, 2, List.of(wide, tensors.get(3)))).isEmpty();
  }

  /** There are 2^60 ways through it. */
  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void findsTheLevelsOfNumbersThatAreReadTwiceOverAndOver() {
    List<Step> steps = new ArrayList<>(List.of(IntegerNetworks.POSITIVE));
    for (int i = 0; i < 60; i++) {
      int last = steps.size() - 1;
      steps.add(Node.of(new Concatenation(), last, last));
      steps.add(ChannelSelection.range(1, 2));
    }
    int last = steps.size() - 1;
    steps.add(IntegerNetworks.OUTPUT);
    Architecture architecture = new Architecture(new InputShape(2, 1, 1, 1), steps);
    assertThat(IntegerLayer.levels(architecture, last)).contains(IntegerNetworks.POSITIVE);
  }

  @Test
  void numbersOfTwoQuantizationsAreLevelsOfNone() {
    Architecture architecture =
        new Architecture(
            new InputShape(2, 1, 1, 1),
            List.of(
                IntegerNetworks.POSITIVE,
                Node.of(IntegerNetworks.SIGNED, 0),
                Node.of(new Concatenation(), 0, 1),
                new Reversal(),
                IntegerNetworks.OUTPUT));
    assertThat(IntegerLayer.levels(architecture, 1)).contains(IntegerNetworks.SIGNED);
    assertThat(IntegerLayer.levels(architecture, 3)).isEmpty();
    assertThat(IntegerLayer.levels(architecture, 4)).isEmpty();
    assertThat(IntegerLayer.levels(architecture, Node.NETWORK_INPUT)).isEmpty();
  }
}
