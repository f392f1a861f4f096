package dev.pare.examine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Robustness;
import dev.pare.data.ExampleShape;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.TestSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.train.InputSpace;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** On a linear network of two classes, whose least margins are known. */
class RobustErrorTest {
  private static final int FEATURES = 5;
  private static final Architecture LINEAR =
      new Architecture(
          new InputShape(FEATURES, 1, 1, 2), List.of(new Dense(2, Activation.SOFTMAX)));

  private final SplittableRandom random = TestSeed.random();
  private final Network network = network();

  private Network network() {
    float[] parameters = new float[LINEAR.parameters()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) random.nextGaussian();
    }
    return new Network(LINEAR, parameters);
  }

  private Examples examples(int count) {
    float[] values = new float[count * FEATURES];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      float[] row = Arrays.copyOfRange(values, i * FEATURES, (i + 1) * FEATURES);
      // Right but for a few.
      labels[i] = (margin(row, row, 0) > 0 ? 0 : 1) ^ (random.nextInt(10) == 0 ? 1 : 0);
    }
    return MemoryExamples.of(values, FEATURES, labels, 2);
  }

  /** The least margin of a class where each feature may be one of two values. */
  private double margin(float[] least, float[] most, int label) {
    float[] p = network.parameters();
    double margin = (double) p[2 * FEATURES + label] - p[2 * FEATURES + 1 - label];
    for (int f = 0; f < FEATURES; f++) {
      double weight = ((double) p[label * FEATURES + f] - p[(1 - label) * FEATURES + f]) / 2;
      margin += weight * (weight > 0 ? least[f] : most[f]);
    }
    return margin;
  }

  @Test
  void isTheShareOfExamplesWhoseLeastMarginIsBelowNothing() {
    Examples examples = examples(400);
    InputSpace space = InputSpace.of(new ExampleShape(FEATURES, 1, 1), examples);
    int before = 0;
    for (double radius : new double[] {0.05, 0.2, 0.6}) {
      int broken = 0;
      int doubtful = 0;
      float[] row = new float[FEATURES];
      float[] least = new float[FEATURES];
      float[] most = new float[FEATURES];
      for (int i = 0; i < examples.size(); i++) {
        examples.copyFeatures(i, row, 0);
        space.ball(row, 0, radius, least, most);
        double margin = margin(least, most, examples.label(i));
        broken += margin < 0 ? 1 : 0;
        doubtful += Math.abs(margin) < 1e-4 ? 1 : 0;
      }
      Robustness found = RobustError.of(network, examples, space, radius);
      assertThat(found.examples()).isEqualTo(400);
      assertThat(found.radius()).isEqualTo(radius);
      assertThat(found.broken()).isBetween(broken - doubtful, broken + doubtful);
      assertThat(found.error()).isEqualTo(found.broken() / 400.0);
      assertThat(found.broken()).isGreaterThan(before);
      before = found.broken();
    }
  }

  @Test
  void ofManyExamplesTheSameFiveHundredAreAttacked() {
    Examples examples = examples(1200);
    InputSpace space = InputSpace.of(new ExampleShape(FEATURES, 1, 1), examples);
    Robustness found = RobustError.of(network, examples, space, 0.1);
    assertThat(found.examples()).isEqualTo(500);
    assertThat(RobustError.of(network, examples, space, 0.1)).isEqualTo(found);
  }
}
