package dev.pare.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.TestSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.ReferenceNetwork;
import dev.pare.graph.SparseActivation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sparse activations on numbers that a test chooses, read by a layer that hands each on. */
class SparseActivationTest {
  private static final int BATCH = 5;

  static Stream<SparseActivation> activations() {
    return Stream.of(
        SparseActivation.threshold(0),
        SparseActivation.threshold(0.5f),
        SparseActivation.binary(0.75f),
        SparseActivation.topK(1),
        SparseActivation.topK(4),
        SparseActivation.topK(24),
        SparseActivation.topK(1000));
  }

  /** 2×3×4 numbers, through an activation to as many units that repeat them. */
  private static Architecture repeating(SparseActivation activation) {
    return new Architecture(
        new InputShape(2, 3, 4, 1), List.of(activation, new Dense(24, Activation.SOFTMAX)));
  }

  private static float[] identity(int size) {
    float[] parameters = new float[size * size + size];
    for (int i = 0; i < size; i++) {
      parameters[i * size + i] = 1;
    }
    return parameters;
  }

  private static float[] outputs(SparseActivation activation, float[] numbers) {
    float[] outputs = new float[numbers.length];
    new LayerGraph(repeating(activation), BATCH + 1)
        .forward(identity(24), Batch.of(numbers, numbers.length / 24), outputs);
    return outputs;
  }

  @ParameterizedTest
  @MethodSource("activations")
  void leavesWhatThePlainReferenceLeaves(SparseActivation activation) {
    SplittableRandom random = TestSeed.random();
    float[] numbers = new float[BATCH * 24];
    for (int i = 0; i < numbers.length; i++) {
      // Many ties, and zeros of both signs.
      numbers[i] = random.nextInt(-4, 5) * 0.25f * (random.nextBoolean() ? 1 : -1);
    }
    float[] outputs = outputs(activation, numbers);
    double[] parameters = new double[24 * 25];
    float[] single = identity(24);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = single[i];
    }
    for (int b = 0; b < BATCH; b++) {
      double[] example = new double[24];
      for (int i = 0; i < 24; i++) {
        example[i] = numbers[b * 24 + i];
      }
      double[] expected = ReferenceNetwork.logits(repeating(activation), parameters, example);
      for (int i = 0; i < 24; i++) {
        assertThat((double) outputs[b * 24 + i]).as("%d of %d", i, b).isEqualTo(expected[i]);
      }
    }
  }

  @Test
  void ofEqualNumbersTheFirstWin() {
    float[] numbers = new float[24];
    numbers[20] = 2;
    for (int i : new int[] {3, 7, 15, 23}) {
      numbers[i] = 1;
    }
    float[] outputs = outputs(SparseActivation.topK(3), numbers);
    assertThat(IntStream.range(0, 24).filter(i -> outputs[i] != 0)).containsExactly(3, 7, 20);
  }

  @Test
  void ofManyExamplesEachHasItsOwnWinners() {
    SplittableRandom random = TestSeed.random();
    int batch = 37;
    float[] numbers = new float[batch * 24];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = random.nextInt(-3, 6) * 0.5f;
    }
    SparseActivation winners = SparseActivation.topK(5);
    float[] together = new float[numbers.length];
    new LayerGraph(repeating(winners), batch)
        .forward(identity(24), Batch.of(numbers, batch), together);
    for (int b = 0; b < batch; b++) {
      float[] alone = outputs(winners, Arrays.copyOfRange(numbers, b * 24, (b + 1) * 24));
      assertThat(Arrays.copyOfRange(together, b * 24, (b + 1) * 24)).containsExactly(alone);
    }
  }

  @Test
  void neverMoreThanTheWinnersAreLeftAndFewerWhereFewerArePositive() {
    SplittableRandom random = TestSeed.random();
    float[] numbers = new float[24];
    for (int i = 0; i < 24; i++) {
      numbers[i] = (float) random.nextDouble(-1, 1);
    }
    long positive = IntStream.range(0, 24).filter(i -> numbers[i] > 0).count();
    for (int winners = 1; winners <= 24; winners++) {
      float[] outputs = outputs(SparseActivation.topK(winners), numbers);
      assertThat(IntStream.range(0, 24).filter(i -> outputs[i] != 0).count())
          .isEqualTo(Math.min(winners, positive));
    }
  }

  /** The gradient of a binary activation is documented, not a derivative. */
  @Test
  void gradientsOfBinaryOnesPassStraightThroughFromZeroToTheLevel() {
    float level = 0.5f;
    Architecture architecture =
        new Architecture(
            new InputShape(1, 1, 1, 1),
            List.of(
                new Dense(8, Activation.IDENTITY),
                SparseActivation.binary(level),
                new Dense(1, Activation.SOFTMAX)));
    float[] sums = {-0.3f, -0.01f, 0.01f, 0.2f, 0.3f, 0.49f, 0.51f, 0.76f};
    float[] parameters = new float[architecture.parameters()];
    List<Float> weights = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      parameters[i] = sums[i];
      parameters[16 + i] = 1 + i;
      weights.add(parameters[16 + i]);
    }
    LayerGraph chain = new LayerGraph(architecture, 1);
    float[] logits = new float[1];
    float[] gradient = new float[parameters.length];
    chain.forwardInTraining(parameters, Batch.of(new float[] {1}, 1), logits);
    chain.backward(parameters, new float[] {2}, 1, gradient);
    assertThat(logits[0]).isCloseTo(level * (5 + 6 + 7 + 8), within(1e-6f));
    for (int i = 0; i < 8; i++) {
      boolean within = i >= 2 && i <= 5;
      assertThat(gradient[i]).as("of %s", sums[i]).isEqualTo(within ? 2 * weights.get(i) : 0);
      assertThat(gradient[16 + i]).isEqualTo(sums[i] >= level / 2 ? 2 * level : 0);
    }
  }

  @Test
  void nonzeroInputsAreCounted() {
    float[] numbers = new float[2 * 24];
    numbers[3] = 1;
    numbers[24 + 3] = 2;
    numbers[24 + 20] = 1;
    numbers[24 + 21] = 0.25f;
    LayerGraph chain = new LayerGraph(repeating(SparseActivation.threshold(0.5f)), 3);
    chain.forward(identity(24), Batch.of(numbers, 2), new float[48]);
    long[] counts = new long[24];
    counts[20] = 5;
    chain.countNonzeroInputs(1, 2, counts);
    long[] expected = new long[24];
    expected[3] = 2;
    expected[20] = 6;
    assertThat(counts).isEqualTo(expected);
  }
}
