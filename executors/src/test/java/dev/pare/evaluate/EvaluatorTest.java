package dev.pare.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Correctness;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.TestSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.ReferenceNetwork;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(6, 1, 1, 4),
          List.of(new Dense(5, Activation.TANH), new Dense(3, Activation.SOFTMAX)));

  @Test
  void logitsAreThoseOfThePlainReferenceWhateverTheNumberOfExamples() {
    SplittableRandom random = TestSeed.random();
    Network network = Initialization.random(ARCHITECTURE, random.nextLong());
    double[] parameters = new double[network.parameters().length];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = network.parameters()[i];
    }
    // One, a full batch, and a short one at the end.
    for (int size : new int[] {1, 500, 1203}) {
      Examples examples = MemoryExamples.clusters(size, 6, 3, random);
      float[] logits = Evaluator.logits(network, examples);
      assertThat(logits).hasSize(size * 3);
      BitSet right = new BitSet();
      float[] features = new float[6];
      for (int i = 0; i < size; i++) {
        examples.copyFeatures(i, features, 0);
        double[] input = new double[6];
        for (int f = 0; f < 6; f++) {
          input[f] = features[f] / 4.0;
        }
        double[] expected = ReferenceNetwork.logits(ARCHITECTURE, parameters, input);
        int best = 0;
        for (int c = 0; c < 3; c++) {
          assertThat((double) logits[i * 3 + c]).isCloseTo(expected[c], within(1e-5));
          best = logits[i * 3 + c] > logits[i * 3 + best] ? c : best;
        }
        right.set(i, best == examples.label(i));
      }
      assertThat(Evaluator.correctness(network, examples)).isEqualTo(Correctness.of(right, size));
    }
  }

  @Test
  void ofEqualLogitsTheFirstWins() {
    Network zeros = new Network(ARCHITECTURE, new float[ARCHITECTURE.parameters()]);
    Examples examples = MemoryExamples.of(new float[18], 6, new int[] {0, 1, 2}, 3);
    assertThat(Evaluator.correctness(zeros, examples)).isEqualTo(new Correctness(3, 1, "01"));
  }

  @Test
  void aNetworkWithoutNumbersGetsNothingRight() {
    float[] parameters = new float[ARCHITECTURE.parameters()];
    java.util.Arrays.fill(parameters, Float.NaN);
    Examples examples = MemoryExamples.of(new float[18], 6, new int[] {0, 1, 2}, 3);
    assertThat(Evaluator.correctness(new Network(ARCHITECTURE, parameters), examples))
        .isEqualTo(new Correctness(3, 0, "00"));
  }

  @Test
  void refusesExamplesThatTheNetworkDoesNotRead() {
    Network network = Initialization.random(ARCHITECTURE, 1);
    Examples examples = MemoryExamples.of(new float[5], 5, new int[] {0}, 3);
    assertThatThrownBy(() -> Evaluator.logits(network, examples))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("examples have 5 features, the network reads 6");
  }
}
