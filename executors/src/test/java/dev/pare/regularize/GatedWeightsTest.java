package dev.pare.regularize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.TestSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GatedWeightsTest {
  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(6, 1, 1, 1),
          List.of(new Dense(5, Activation.RELU), new Dense(3, Activation.SOFTMAX)));
  private static final int PARAMETERS = ARCHITECTURE.parameters();
  private static final int WEIGHTS = 45;

  private static void setLogAlpha(GatedWeights weights, int weight, double logAlpha) {
    weights.values()[PARAMETERS + weight] = (float) (logAlpha / NoisyWeights.PACE);
  }

  private static double logAlpha(GatedWeights weights, int weight) {
    return NoisyWeights.PACE * (double) weights.values()[PARAMETERS + weight];
  }

  /** Index of a weight among the parameters: the first layer's 30, its 5 biases, the second's. */
  private static int parameter(int weight) {
    return weight < 30 ? weight : weight + 5;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void aGateWithoutNoiseIsThePapers() {
    for (double logAlpha = -8; logAlpha <= 8; logAlpha += 0.1) {
      double gate = Math.min(1, Math.max(0, 1.2 * sigmoid(logAlpha) - 0.1));
      assertThat((double) GatedWeights.gate((float) logAlpha)).isCloseTo(gate, within(1e-5));
    }
  }

  @Test
  void gatesAreOpenAsOftenAsIsPaidFor() {
    Architecture wide =
        new Architecture(new InputShape(400, 1, 1, 1), List.of(new Dense(50, Activation.SOFTMAX)));
    GatedWeights weights = new GatedWeights(Initialization.random(wide, 1), new Ramp(1, 0), 10, 4);
    int all = 400 * 50;
    for (double logAlpha = -6; logAlpha <= 3; logAlpha += 1.5) {
      for (int i = 0; i < all; i++) {
        weights.values()[wide.parameters() + i] = (float) (logAlpha / NoisyWeights.PACE);
      }
      int open = 0;
      int steps = 10;
      for (int step = 0; step < steps; step++) {
        weights.before(step, steps);
        float[] parameters = weights.parameters();
        for (int i = 0; i < all; i++) {
          open += parameters[i] != 0 ? 1 : 0;
        }
      }
      assertThat(open / (double) (steps * all))
          .as("log α = %s", logAlpha)
          .isCloseTo(GatedWeights.open((float) logAlpha), within(0.01));
    }
  }

  @Test
  void theGradientIsThatOfLossAndPenaltyWithTheNoiseHeld() {
    SplittableRandom random = TestSeed.random();
    Network start = Initialization.random(ARCHITECTURE, random.nextLong());
    GatedWeights weights = new GatedWeights(start, new Ramp(3, 0), 5, random.nextLong());
    float[] values = weights.values();
    double[] curvature = new double[PARAMETERS];
    for (int i = 0; i < PARAMETERS; i++) {
      curvature[i] = 1 + random.nextDouble();
    }
    for (int w = 0; w < WEIGHTS; w++) {
      setLogAlpha(weights, w, -2 + 4 * random.nextDouble());
    }
    weights.before(0, 10);
    float[] parameters = weights.parameters().clone();
    float[] gradient = new float[PARAMETERS];
    for (int i = 0; i < PARAMETERS; i++) {
      gradient[i] = (float) (2 * curvature[i] * parameters[i]);
    }
    float[] pulled = weights.pullBack(gradient).clone();
    int moving = 0;
    for (int i = 0; i < values.length; i++) {
      float kept = values[i];
      float step = Math.max(2e-3f * Math.abs(kept), 1e-5f);
      values[i] = kept + step;
      double above = loss(weights, curvature);
      float high = values[i];
      values[i] = kept - step;
      double below = loss(weights, curvature);
      double difference = (above - below) / (high - values[i]);
      values[i] = kept;
      weights.parameters();
      if (i >= PARAMETERS && isAtAnEnd(weights, parameters, i - PARAMETERS)) {
        continue;
      }
      moving++;
      assertThat((double) pulled[i])
          .as("variable %d", i)
          .isCloseTo(difference, within(0.02 * Math.abs(difference) + 0.02));
    }
    assertThat(moving).isGreaterThan(PARAMETERS + WEIGHTS / 4);
  }

  /** Whether a gate is so near to an end that a step may lead there, or away. */
  private static boolean isAtAnEnd(GatedWeights weights, float[] parameters, int weight) {
    double gate = parameters[parameter(weight)] / weights.values()[parameter(weight)];
    return gate > 0 && gate < 0.01 || gate > 0.99 && gate < 1;
  }

  /** A quadratic loss, and three fifths of all chances to be open, in plain double arithmetic. */
  private static double loss(GatedWeights weights, double[] curvature) {
    float[] parameters = weights.parameters();
    double loss = 0;
    for (int i = 0; i < PARAMETERS; i++) {
      loss += curvature[i] * parameters[i] * parameters[i];
    }
    for (int w = 0; w < WEIGHTS; w++) {
      loss += 0.6 * sigmoid(logAlpha(weights, w) - 2 / 3.0 * Math.log(0.1 / 1.1));
    }
    return loss;
  }

  @Test
  void whatIsBehindAClosedGateIsZeroInTheEndAndWhatWasZeroStaysSo() {
    Network start = Initialization.random(ARCHITECTURE, 2);
    start.parameters()[0] = 0;
    GatedWeights weights = new GatedWeights(start, new Ramp(1, 0), 10, 4);
    // A gate closes at log α = log(0.1/1.1) and is 1 from log(1.1/0.1) on.
    setLogAlpha(weights, 1, -2.41);
    setLogAlpha(weights, 2, -2.39);
    setLogAlpha(weights, 3, 2.41);
    weights.before(0, 10);

    assertThat(weights.parameters()[0]).isZero();
    assertThat(weights.mask()[0]).isZero();
    float[] left = weights.network().parameters();
    float[] before = start.parameters();
    assertThat(left[0]).isZero();
    assertThat(left[1]).isZero();
    assertThat(left[2] / before[2]).isBetween(1e-4f, 0.01f);
    assertThat(left[3]).isEqualTo(before[3]);
    assertThat(left[30]).isEqualTo(before[30]);
  }
}
