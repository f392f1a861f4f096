package dev.pare.examine;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** On linear networks, where the best attack is known: each feature to the end that hurts. */
class AttacksTest {
  private static final int FEATURES = 6;
  private static final int EXAMPLES = 200;

  private final SplittableRandom random = TestSeed.random();

  private Network linear(int classes) {
    Architecture architecture =
        new Architecture(
            new InputShape(FEATURES, 1, 1, 4), List.of(new Dense(classes, Activation.SOFTMAX)));
    float[] parameters = new float[architecture.parameters()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) random.nextGaussian();
    }
    return new Network(architecture, parameters);
  }

  private Examples examples(int classes) {
    float[] values = new float[EXAMPLES * FEATURES];
    int[] labels = new int[EXAMPLES];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (4 * random.nextGaussian());
    }
    for (int i = 0; i < EXAMPLES; i++) {
      labels[i] = random.nextInt(classes);
    }
    return MemoryExamples.of(values, FEATURES, labels, classes);
  }

  /**
   * The least margin of an example within its ball, in closed form: the margin against another
   * class is linear, so each feature takes the end that its weight says.
   */
  private static double leastMargin(
      Network network, Examples examples, int example, InputSpace space, double radius) {
    float[] x = new float[FEATURES];
    float[] least = new float[FEATURES];
    float[] most = new float[FEATURES];
    examples.copyFeatures(example, x, 0);
    space.ball(x, 0, radius, least, most);
    int classes = network.architecture().outputs();
    float[] p = network.parameters();
    double smallest = Double.POSITIVE_INFINITY;
    int y = examples.label(example);
    for (int j = 0; j < classes; j++) {
      if (j == y) {
        continue;
      }
      double margin = p[classes * FEATURES + y] - p[classes * FEATURES + j];
      for (int f = 0; f < FEATURES; f++) {
        double w = (p[y * FEATURES + f] - p[j * FEATURES + f]) / 4;
        margin += w * (w > 0 ? least[f] : most[f]);
      }
      smallest = Math.min(smallest, margin);
    }
    return smallest;
  }

  @Test
  void gradientAttacksFindTheBestAttackOfTwoClasses() {
    Network network = linear(2);
    Examples examples = examples(2);
    InputSpace space = InputSpace.of(new ExampleShape(FEATURES, 1, 1), examples);
    for (double radius : new double[] {0.01, 0.05, 0.2, 0.5}) {
      Map<String, boolean[]> broken =
          new Attacks(examples, space, List.of(radius), 1).broken(network, radius);
      for (int i = 0; i < EXAMPLES; i++) {
        double margin = leastMargin(network, examples, i, space, radius);
        if (Math.abs(margin) > 1e-4) {
          assertThat(broken.get("fgsm")[i]).as("FGSM, %s", i).isEqualTo(margin < 0);
          assertThat(broken.get("pgd")[i]).as("PGD, %s", i).isEqualTo(margin < 0);
        }
      }
    }
  }

  @Test
  void aFeatureAtTheEndOfItsRangeComesBackWhereItsGradientTurns() {
    // The wrong class's logit, less 2.35: x + 15y − 3 max(0, x + 4y − 0.3). At (0, 0) both grow it;
    // once y has grown, x makes it less. Within [0, 0.5]² it is above 0 for x < 0.025 and y = 0.5.
    Network network =
        new Network(
            new Architecture(
                new InputShape(2, 1, 1, 1),
                List.of(new Dense(3, Activation.RELU), new Dense(2, Activation.SOFTMAX))),
            new float[] {1, 0, 0, 1, 1, 4, 1, 1, -0.3f, 0, 0, 0, 1, 15, -3, 2.35f, -16});
    Examples examples = MemoryExamples.of(new float[] {0, 0, 1, 1}, 2, new int[] {0, 0}, 2);
    InputSpace space = InputSpace.of(new ExampleShape(2, 1, 1), examples);
    Map<String, boolean[]> broken =
        new Attacks(examples, space, List.of(1.0), 1).broken(network, 1);
    assertThat(broken.get("fgsm")[0]).isFalse();
    assertThat(broken.get("pgd")[0]).isTrue();
  }

  @Test
  void noAttackBreaksWhatCannotBeBroken() {
    Network network = linear(4);
    Examples examples = examples(4);
    InputSpace space = InputSpace.of(new ExampleShape(FEATURES, 1, 1), examples);
    double radius = 0.2;
    Map<String, boolean[]> broken =
        new Attacks(examples, space, List.of(radius), 1).broken(network, radius);
    int breakable = 0;
    int found = 0;
    for (int i = 0; i < EXAMPLES; i++) {
      double margin = leastMargin(network, examples, i, space, radius);
      breakable += margin < 0 ? 1 : 0;
      found += broken.get("square")[i] ? 1 : 0;
      if (margin > 1e-4) {
        for (boolean[] all : broken.values()) {
          assertThat(all[i]).isFalse();
        }
      }
    }
    // Outputs alone tell nearly as much where there are 64 corners.
    assertThat(found).isBetween(breakable * 95 / 100, breakable);
  }

  @Test
  void theSameSeedBreaksTheSame() {
    Network network = linear(3);
    Examples examples = examples(3);
    InputSpace space = InputSpace.of(new ExampleShape(FEATURES, 1, 1), examples);
    Attacks attacks = new Attacks(examples, space, List.of(0.1, 0.3), 7);
    assertThat(attacks.of(network)).isEqualTo(attacks.of(network));
    assertThat(attacks.of(network).get(0).any()).isLessThan(attacks.of(network).get(1).any());
  }
}
