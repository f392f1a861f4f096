package dev.pare.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Embedding;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.Quantization;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.kernel.IntegerLayer;
import dev.pare.sparsify.UnsupportedNetworkException;
import dev.pare.train.EngineTest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QuantizedActivationsTest {
  private static final Dense OUTPUT = new Dense(4, Activation.SOFTMAX);
  private static final int EXAMPLES = 50;

  private static Examples examples(Architecture architecture) {
    Random random = new Random(11);
    int features = architecture.input().size();
    int[] vocabularies = architecture.vocabularies();
    float[] values = new float[EXAMPLES * features];
    int[] labels = new int[EXAMPLES];
    for (int i = 0; i < values.length; i++) {
      int tokens = vocabularies[i % features];
      values[i] =
          tokens > 0
              ? random.nextInt(tokens)
              : architecture.input().divisor() * (2 * random.nextFloat() - 1);
    }
    return MemoryExamples.of(values, features, labels, 4);
  }

  private static Network quantized(Architecture architecture) {
    Network network = Initialization.random(architecture, 3);
    return QuantizedActivations.of(network, examples(architecture));
  }

  private static List<Class<?>> kinds(Architecture architecture) {
    return architecture.layers().stream().<Class<?>>map(Layer::getClass).toList();
  }

  @Test
  void levelsAreMadeOnceWhereWeightsReadThem() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 12, 12, 255),
            List.of(
                new Convolution(3, 3, 1, Activation.RELU),
                new Pooling(Pooling.Pool.MAX, 2, 2),
                new Convolution(4, 3, 1, Activation.IDENTITY),
                new Elementwise(Elementwise.Function.CLIP, 0, 6),
                new Dense(5, Activation.TANH),
                OUTPUT));
    Architecture made = quantized(architecture).architecture();
    assertThat(kinds(made))
        .containsExactly(
            Quantization.class,
            Convolution.class,
            Quantization.class,
            Pooling.class,
            Convolution.class,
            Elementwise.class,
            Quantization.class,
            Dense.class,
            Quantization.class,
            Dense.class);
    // Behind a ReLU there is nothing below 0, of which levels would be lost.
    assertThat(((Quantization) made.layers().get(2)).zeroPoint()).isZero();
    assertThat(((Quantization) made.layers().get(6)).zeroPoint()).isZero();
    assertThat(((Quantization) made.layers().get(8)).zeroPoint()).isBetween(60, 200);
  }

  @Test
  void whatIsAddedHasOneScaleAndWhatIsConcatenatedTheSameLevels() {
    Architecture architecture =
        new Architecture(
            new InputShape(2, 6, 6, 1),
            List.of(
                new Convolution(3, 3, 1, 1, Activation.RELU),
                new Convolution(3, 3, 1, 1, Activation.IDENTITY),
                Node.of(new Shortcut(Activation.RELU), 1, 0),
                Node.of(new Convolution(2, 1, 1, Activation.IDENTITY), 2),
                Node.of(new Convolution(4, 1, 1, Activation.RELU), 2),
                Node.of(new Concatenation(), 3, 4),
                new Convolution(3, 1, 1, Activation.RELU),
                OUTPUT));
    Architecture made = quantized(architecture).architecture();
    List<Quantization> levels =
        made.layers().stream()
            .filter(Quantization.class::isInstance)
            .map(Quantization.class::cast)
            .toList();
    // Of the input, both operands and their sum, both parts, and the last convolution.
    assertThat(levels).hasSize(7);
    assertThat(levels.subList(1, 4))
        .extracting(Quantization::scale)
        .containsOnly(levels.get(1).scale());
    assertThat(levels.get(4)).isEqualTo(levels.get(5));
    int concatenation = kinds(made).indexOf(Concatenation.class);
    assertThat(IntegerLayer.levels(made, concatenation)).contains(levels.get(4));
  }

  @Test
  void tokensAndWhatNoWeightsReadStayAsTheyAre() {
    Architecture tokens =
        new Architecture(
            new InputShape(1, 1, 6, 1),
            List.of(new Embedding(9, 5), new Lstm(4, Lstm.Steps.LAST), OUTPUT));
    assertThat(kinds(quantized(tokens).architecture()))
        .containsExactly(Embedding.class, Lstm.class, Quantization.class, Dense.class);
  }

  static Stream<Architecture> architectures() {
    return EngineTest.architectures()
        .filter(sample -> sample.layers().stream().noneMatch(Quantization.class::isInstance));
  }

  /** Weights of 8 bits beside it. */
  private static CompressedNetwork integers(Network network) {
    return CompressedNetwork.of(
        network,
        place -> {
          float most = Float.MIN_NORMAL;
          for (int i = place.offset(); i < place.end(); i++) {
            most = Math.max(most, Math.abs(network.parameters()[i]));
          }
          float scale = most / 127;
          short[] levels = new short[place.size()];
          for (int i = 0; i < levels.length; i++) {
            levels[i] = (short) Math.round(network.parameters()[place.offset() + i] / scale);
          }
          return new UniformTensor(
              new LevelMatrix(place.rows(), place.columns(), levels), new float[] {scale});
        });
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void anyNetworkComputesNearlyTheSame(Architecture architecture) {
    Network network = Initialization.random(architecture, 3);
    Examples examples = examples(architecture);
    Network made;
    try {
      made = QuantizedActivations.of(network, examples);
    } catch (UnsupportedNetworkException e) {
      assertThat(e).hasMessageContaining("no dense layer or convolution that could read levels");
      return;
    }
    assertThat(made.parameters()).isEqualTo(network.parameters());
    assertThat(QuantizedActivations.of(made, examples).architecture())
        .isEqualTo(made.architecture());
    CompressedNetwork integers = integers(made);
    QuantizedActivations.check(integers);
    for (ParameterTensor weight : made.architecture().weights()) {
      Layer layer = made.architecture().layers().get(weight.layer());
      boolean hasTokens = IntStream.of(architecture.vocabularies()).anyMatch(n -> n > 0);
      boolean multiplies = !hasTokens && (layer instanceof Dense || layer instanceof Convolution);
      assertThat(
              !multiplies
                  || IntegerLayer.levels(
                          made.architecture(), made.architecture().source(weight.layer()))
                      .isPresent())
          .isTrue();
    }
    if (architecture.layers().stream().allMatch(Layer::isContinuous)) {
      float[] own = Evaluator.logits(network, examples);
      float[] others = Evaluator.logits(integers, examples);
      double largest = 0;
      double squares = 0;
      for (int i = 0; i < own.length; i++) {
        largest = Math.max(largest, Math.abs(own[i]));
        squares += Math.pow((double) own[i] - others[i], 2);
      }
      assertThat(Math.sqrt(squares / own.length)).isLessThan(0.05 * largest);
    }
  }

  @Test
  void whatCannotBeComputedInIntegersIsNamed() {
    Architecture architecture =
        new Architecture(
            new InputShape(3, 1, 1, 1), List.of(new Dense(2, Activation.RELU), OUTPUT));
    Network made = quantized(architecture);
    short[] levels = {1, 2, 3, 4, 5, 128};
    CompressedNetwork wide =
        CompressedNetwork.of(
            made,
            place ->
                place.layer() == 1
                    ? new UniformTensor(new LevelMatrix(2, 3, levels), new float[] {1})
                    : new UniformTensor(new LevelMatrix(4, 2, new short[8]), new float[] {1}));
    assertThatThrownBy(() -> QuantizedActivations.check(wide))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessage(
            "activation-bits = 8: layer 1 (dense 2 relu) cannot be computed in integers: its weights"
                + " take more than 8 bits, or its sums more than 32");
    Network infinite = Initialization.random(architecture, 3);
    infinite.parameters()[0] = Float.MAX_VALUE;
    infinite.parameters()[1] = Float.MAX_VALUE;
    Examples large =
        MemoryExamples.of(new float[] {3e38f, 3e38f, 1, 3e38f, 1, 1}, 3, new int[] {0, 1}, 4);
    assertThatThrownBy(() -> QuantizedActivations.of(infinite, large))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessage("activation-bits = 8: layer 0 makes what is no finite number");
  }

  /** A branch of zeros, as pruning may leave one, has no scale of its own. */
  @Test
  void whatIsSilentTakesTheScaleOfWhatItIsAddedTo() {
    Architecture architecture =
        new Architecture(
            new InputShape(2, 6, 6, 1),
            List.of(
                new Convolution(3, 3, 1, 1, Activation.RELU),
                new Convolution(3, 3, 1, 1, Activation.RELU),
                Node.of(new Shortcut(Activation.RELU), 1, 0),
                OUTPUT));
    Network network = Initialization.random(architecture, 3);
    for (ParameterTensor tensor : architecture.tensors()) {
      if (tensor.layer() == 1) {
        Arrays.fill(network.parameters(), tensor.offset(), tensor.end(), 0);
      }
    }
    Network made = QuantizedActivations.of(network, examples(architecture));
    List<Float> scales =
        made.architecture().layers().stream()
            .filter(Quantization.class::isInstance)
            .map(layer -> ((Quantization) layer).scale())
            .toList();
    assertThat(scales).hasSize(4).allMatch(scale -> scale < 0.1f);
  }

  @Test
  void columnsThatOneScaleWouldLoseStayFloats() {
    Architecture architecture =
        new Architecture(
            new InputShape(2, 1, 1, 1), List.of(new Dense(3, Activation.RELU), OUTPUT));
    Random random = new Random(1);
    float[] unlike = new float[2 * EXAMPLES];
    float[] alike = new float[2 * EXAMPLES];
    for (int i = 0; i < unlike.length; i++) {
      alike[i] = (float) random.nextGaussian();
      unlike[i] = alike[i] * (i % 2 == 0 ? 1 : 1000);
    }
    Network network = Initialization.random(architecture, 3);
    int[] labels = new int[EXAMPLES];
    assertThat(
            kinds(
                QuantizedActivations.of(network, MemoryExamples.of(unlike, 2, labels, 4))
                    .architecture()))
        .containsExactly(Dense.class, Quantization.class, Dense.class);
    assertThat(
            kinds(
                QuantizedActivations.of(network, MemoryExamples.of(alike, 2, labels, 4))
                    .architecture()))
        .containsExactly(Quantization.class, Dense.class, Quantization.class, Dense.class);
  }

  /** The scale of least error of even values is the one that reaches from end to end. */
  @Test
  void scalesAreThoseOfTheCalibrationExamples() {
    Architecture architecture = new Architecture(new InputShape(1, 1, 1, 255), List.of(OUTPUT));
    float[] pixels = new float[256];
    IntStream.range(0, 256).forEach(i -> pixels[i] = i);
    Network made =
        QuantizedActivations.of(
            Initialization.random(architecture, 1), MemoryExamples.of(pixels, 1, new int[256], 4));
    Quantization levels = (Quantization) made.architecture().layers().get(0);
    // Bytes of images are their own levels.
    assertThat(levels.scale()).isCloseTo(1 / 255f, within(1e-9f));
    assertThat(levels.zeroPoint()).isZero();
    assertThat(made.architecture().outputShape(0)).isEqualTo(new Shape(1, 1, 1));
  }
}
