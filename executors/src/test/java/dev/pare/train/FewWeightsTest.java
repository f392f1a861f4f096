package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.ByteExamples;
import dev.pare.data.Examples;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.Window;
import dev.pare.layers.Batch;
import dev.pare.quantize.CodebookWeights;
import dev.pare.quantize.PowerOfTwoWeights;
import dev.pare.quantize.TernaryWeights;
import dev.pare.quantize.UniformWeights;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes over few weights beside the same network's passes over all. */
class FewWeightsTest {
  private static final long SEED = Long.getLong("test.seed", 5);

  private static Architecture dense() {
    return new Architecture(
        new InputShape(1, 7, 9, 255),
        List.of(
            new Dense(31, Activation.RELU),
            new Dense(22, Activation.TANH),
            new Dense(5, Activation.SOFTMAX)));
  }

  /** Groups, strides, paddings of unequal sides, maps narrower than the padding. */
  private static Architecture convolutional() {
    return new Architecture(
        new InputShape(2, 13, 11, 1),
        List.of(
            new Convolution(6, new Window(3, 1, 1), new Window(5, 2, 2), Activation.RELU),
            new Convolution(
                8, 2, new Window(2, 1, 1, 0, 1), new Window(3, 1, 1, 2, 1), Activation.TANH),
            new Pooling(Pooling.Pool.MAX, 2, 2),
            new Convolution(7, new Window(3, 2, 1), new Window(7, 1, 3), Activation.RELU),
            new Convolution(12, 1, 1, Activation.RELU),
            new Dense(9, Activation.RELU),
            new Dense(5, Activation.SOFTMAX)));
  }

  /** With all but a part of the weights zero. */
  private static Network pruned(Architecture architecture, double share) {
    float[] parameters = Initialization.random(architecture, SEED).parameters().clone();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) (random.nextDouble() - 0.5);
    }
    for (ParameterTensor tensor : architecture.weights()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        parameters[i] = random.nextDouble() < share ? parameters[i] : 0;
      }
    }
    return new Network(architecture, parameters);
  }

  private static int[] live(Network network) {
    return network.architecture().weights().stream()
        .flatMapToInt(tensor -> IntStream.range(tensor.offset(), tensor.end()))
        .filter(i -> network.parameters()[i] != 0)
        .toArray();
  }

  private static float[] inputs(Architecture architecture, int batch) {
    SplittableRandom random = new SplittableRandom(SEED + 1);
    float[] inputs = new float[batch * architecture.input().size()];
    for (int i = 0; i < inputs.length; i++) {
      // Whole numbers, as some networks read tokens.
      inputs[i] = architecture.input().divisor() == 1 ? random.nextInt(4) : random.nextInt(100);
    }
    return inputs;
  }

  /** Half the square of the logits, and the logits of the last call. */
  private static double loss(float[] logits, int batch, int outputs, float[] target) {
    double sum = 0;
    for (int i = 0; i < batch * outputs; i++) {
      sum += 0.5 * logits[i] * logits[i];
      target[i] = logits[i];
    }
    return sum;
  }

  private static float[] gradient(Engine engine, Network network, float[] inputs, int batch) {
    return gradient(engine, network, Batch.of(inputs, batch));
  }

  private static float[] gradient(Engine engine, Network network, Batch inputs) {
    int outputs = network.architecture().outputs();
    float[] gradient = new float[network.parameters().length];
    Arrays.fill(gradient, Float.NaN);
    engine.gradient(
        network.parameters(),
        inputs,
        (logits, size, target) -> loss(logits, size, outputs, target),
        gradient);
    return gradient;
  }

  private static void assertSame(Network network, int batch, boolean leavesSome) {
    float[] inputs = inputs(network.architecture(), batch);
    int[] live = live(network);
    float[] all;
    float[] few;
    try (Engine engine = Engines.of(network.architecture(), batch)) {
      all = gradient(engine, network, inputs, batch);
      engine.setLive(live);
      few = gradient(engine, network, inputs, batch);
      assertThat(gradient(engine, network, inputs, batch)).isEqualTo(few);
      // A part of a batch, another part, and the whole once more.
      gradient(engine, network, inputs, Math.max(1, batch / 2));
      assertThat(gradient(engine, network, inputs, batch)).isEqualTo(few);
      engine.setLive(TrainableParameters.NONE);
      assertThat(gradient(engine, network, inputs, batch)).isEqualTo(all);
    }
    float largest = 0;
    for (float value : all) {
      largest = Math.max(largest, Math.abs(value));
    }
    boolean left = false;
    for (int i = 0; i < all.length; i++) {
      boolean counts = !isWeight(network, i) || Arrays.binarySearch(live, i) >= 0;
      if (counts || !Float.isNaN(few[i])) {
        assertThat(few[i]).as("parameter %d", i).isCloseTo(all[i], within(2e-6f * largest));
      } else {
        left = true;
      }
    }
    assertThat(left).as("whether some gradients were not computed").isEqualTo(leavesSome);
  }

  private static boolean isWeight(Network network, int parameter) {
    return network.architecture().weights().stream()
        .anyMatch(tensor -> tensor.offset() <= parameter && parameter < tensor.end());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 65, 128, 200, 256, 300})
  void gradientsAreThoseOverAll(int batch) {
    assertSame(pruned(dense(), 0.05), batch, true);
    assertSame(pruned(convolutional(), 0.05), batch, true);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 200, 256, 300})
  void bytesHaveTheGradientsOfTheirFloats(int batch) {
    // None are pruned, outputs over few, gradients too.
    for (double share : new double[] {1, 0.155, 0.05}) {
      assertSameOfBytes(pruned(dense(), share), batch);
      assertSameOfBytes(pruned(convolutional(), share), batch);
    }
  }

  private static void assertSameOfBytes(Network network, int batch) {
    int features = network.architecture().input().size();
    byte[] values = new byte[(batch + 5) * features];
    new SplittableRandom(SEED).nextBytes(values);
    Examples examples = new ByteExamples(values, features, new int[batch + 5], 2);
    int[] indices = IntStream.range(0, batch).map(b -> (7 * b + 3) % (batch + 5)).toArray();
    float[] floats = new float[batch * features];
    for (int b = 0; b < batch; b++) {
      examples.copyFeatures(indices[b], floats, b * features);
    }
    Batch bytes = new Batch(features, 0);
    try (Engine engine = Engines.of(network.architecture(), batch)) {
      engine.setLive(live(network));
      float[] expected = gradient(engine, network, floats, batch);
      // Others before, as in training.
      bytes.load(examples, indices, Math.max(1, batch / 3));
      gradient(engine, network, bytes);
      bytes.load(examples, indices, batch);
      assertThat(gradient(engine, network, bytes)).containsExactly(expected);
    }
  }

  @Test
  void productsThatGainNothingAreMadeOverAll() {
    assertSame(pruned(dense(), 0.5), 16, false);
    assertSame(pruned(convolutional(), 0.5), 16, false);
    // Outputs over few, gradients over all.
    assertSame(pruned(dense(), 0.155), 16, false);
  }

  @Test
  void layersWithoutWeightsHaveOutputsOfTheirBiases() {
    assertSame(pruned(dense(), 0), 64, false);
    float[] parameters = pruned(dense(), 0).parameters().clone();
    parameters[3] = 1;
    assertSame(new Network(dense(), parameters), 64, true);
  }

  static Stream<Architecture> architectures() {
    return EngineTest.architectures();
  }

  /** Whether or not a kind of layer makes use of it. */
  @ParameterizedTest
  @MethodSource("architectures")
  void everyKindOfLayerHasTheGradientsItHasOverAll(Architecture architecture) {
    Network network = pruned(architecture, 0.08);
    int batch = 3;
    float[] inputs = inputs(architecture, batch);
    int[] live = live(network);
    try (Engine engine = Engines.of(architecture, batch)) {
      float[] all = gradient(engine, network, inputs, batch);
      float largest = 0;
      for (float value : all) {
        largest = Math.max(largest, Math.abs(value));
      }
      engine.setLive(live);
      float[] few = gradient(engine, network, inputs, batch);
      for (int i = 0; i < all.length; i++) {
        if (!Float.isNaN(few[i]) || !isWeight(network, i) || Arrays.binarySearch(live, i) >= 0) {
          assertThat(few[i])
              .as("parameter %d", i)
              .isCloseTo(all[i], within(1e-4f * largest + 1e-7f));
        }
      }
    }
  }

  static Stream<TrainableParameters> trained() {
    Network start = pruned(dense(), 0.1);
    return Stream.of(
        MaskedWeights.ofNonzeros(start),
        new CodebookWeights(start, 3),
        new UniformWeights(start, 4, UniformWeights.Sharing.TENSOR),
        new PowerOfTwoWeights(start, 4),
        new TernaryWeights(start));
  }

  @ParameterizedTest
  @MethodSource("trained")
  void whatIsNotLiveIsZero(TrainableParameters trained) {
    int[] live = trained.liveParameters();
    float[] parameters = trained.parameters();

    assertThat(live).isNotEmpty().isSorted();
    assertThat(trained.liveParameters()).isSameAs(live);
    for (ParameterTensor tensor : dense().weights()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        if (Arrays.binarySearch(live, i) < 0) {
          assertThat(parameters[i]).isZero();
        }
      }
    }
  }

  @Test
  void whoLooksAtGradientsSeesThoseOfAllWeights() {
    MaskedWeights weights = MaskedWeights.ofNonzeros(pruned(dense(), 0.1));
    weights.watch(gradient -> {});

    assertThat(weights.liveParameters()).isEmpty();
    assertThat(weights.liveVariables()).isNotEmpty();
  }

  @Test
  void otherWeightsAreAnotherArray() {
    MaskedWeights weights = MaskedWeights.ofNonzeros(pruned(dense(), 0.1));
    int[] before = weights.liveParameters();
    weights.prune(before[0]);

    assertThat(weights.liveParameters()).hasSize(before.length - 1).isNotSameAs(before);
  }
}
