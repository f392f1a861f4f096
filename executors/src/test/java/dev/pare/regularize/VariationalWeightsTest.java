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

class VariationalWeightsTest {
  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(6, 1, 1, 1),
          List.of(new Dense(5, Activation.RELU), new Dense(3, Activation.SOFTMAX)));
  private static final int PARAMETERS = ARCHITECTURE.parameters();
  private static final int FIRST_WEIGHTS = 30;

  @Test
  void theLogarithmIsRight() {
    for (double x = 1e-36; x < 1e36; x *= 1.37) {
      assertThat((double) Logarithm.log((float) x)).isCloseTo(Math.log((float) x), within(1e-5));
    }
    assertThat(Logarithm.log(1)).isZero();
  }

  @Test
  void theDivergenceIsAboutWhatIntegrationGives() {
    // The expectation of log|1 + √α·z| − log|z| − ½·log α, z normal: 0 at infinite α.
    double expectedLogZ = -(0.5772156649 + Math.log(2)) / 2;
    for (double logAlpha = -8; logAlpha <= 8; logAlpha += 0.5) {
      double root = Math.exp(0.5 * logAlpha);
      int cells = 2_000_000;
      double sum = 0;
      for (int i = 0; i < cells; i++) {
        double z = -9 + 18 * (i + 0.5) / cells;
        sum +=
            Math.exp(-0.5 * z * z)
                / Math.sqrt(2 * Math.PI)
                * Math.log(Math.abs(1 + root * z) + 1e-300);
      }
      double exact = sum * 18 / cells - expectedLogZ - 0.5 * logAlpha;
      assertThat((double) VariationalWeights.divergence((float) logAlpha))
          .as("log α = %s", logAlpha)
          .isCloseTo(exact, within(0.015));
    }
  }

  @Test
  void theSlopeIsTheDivergences() {
    for (float logAlpha = -12; logAlpha < 12; logAlpha += 0.31f) {
      float step = 0.02f;
      double difference =
          ((double) VariationalWeights.divergence(logAlpha + step)
                  - VariationalWeights.divergence(logAlpha - step))
              / (2 * step);
      assertThat((double) VariationalWeights.slope(logAlpha)).isCloseTo(difference, within(2e-4));
    }
  }

  @Test
  void theGradientIsThatOfLossAndDivergenceWithTheNoiseHeld() {
    SplittableRandom random = TestSeed.random();
    Network start = Initialization.random(ARCHITECTURE, random.nextLong());
    VariationalWeights weights = new VariationalWeights(start, new Ramp(3, 0), 5, 1);
    float[] values = weights.values();
    double[] curvature = new double[PARAMETERS];
    for (int i = 0; i < PARAMETERS; i++) {
      curvature[i] = 1 + random.nextDouble();
    }
    for (int i = PARAMETERS; i < values.length; i++) {
      values[i] = (float) ((-8 + 6 * random.nextDouble()) / NoisyWeights.PACE);
    }
    weights.before(0, 10);
    float[] parameters = weights.parameters();
    float[] gradient = new float[PARAMETERS];
    for (int i = 0; i < PARAMETERS; i++) {
      gradient[i] = (float) (2 * curvature[i] * parameters[i]);
    }
    float[] pulled = weights.pullBack(gradient).clone();
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
      assertThat((double) pulled[i])
          .as("variable %d", i)
          .isCloseTo(difference, within(0.02 * Math.abs(difference) + 0.02));
    }
  }

  /** A quadratic loss, and three fifths of all divergences, in plain double arithmetic. */
  private static double loss(VariationalWeights weights, double[] curvature) {
    float[] parameters = weights.parameters();
    float[] values = weights.values();
    double loss = 0;
    for (int i = 0; i < PARAMETERS; i++) {
      loss += curvature[i] * parameters[i] * parameters[i];
    }
    for (int w = 0; w < values.length - PARAMETERS; w++) {
      double mean = values[w < FIRST_WEIGHTS ? w : w + 5];
      double logAlpha = NoisyWeights.PACE * (double) values[PARAMETERS + w] - Math.log(mean * mean);
      double sigmoid = 1 / (1 + Math.exp(-1.87320 - 1.48695 * logAlpha));
      loss += 0.6 * (0.63576 - 0.63576 * sigmoid + 0.5 * Math.log1p(Math.exp(-logAlpha)));
    }
    return loss;
  }

  @Test
  void noiseIsNormalAndNewForEachStep() {
    Architecture wide =
        new Architecture(
            new InputShape(400, 1, 1, 1),
            List.of(new Dense(50, Activation.RELU), new Dense(3, Activation.SOFTMAX)));
    Network start = Initialization.random(wide, 1);
    VariationalWeights weights = new VariationalWeights(start, new Ramp(1, 0), 10, 4);
    double deviation = Math.exp(-5);
    double sum = 0;
    double squares = 0;
    double products = 0;
    int within = 0;
    float[] last = new float[400 * 50];
    int steps = 20;
    for (int step = 0; step < steps; step++) {
      weights.before(step, steps);
      float[] parameters = weights.parameters();
      for (int i = 0; i < last.length; i++) {
        double noise = (parameters[i] - start.parameters()[i]) / deviation;
        sum += noise;
        squares += noise * noise;
        products += noise * last[i];
        within += Math.abs(noise) < 1 ? 1 : 0;
        last[i] = (float) noise;
      }
    }
    double count = (double) last.length * steps;
    assertThat(sum / count).isCloseTo(0, within(0.01));
    assertThat(squares / count).isCloseTo(1, within(0.02));
    assertThat(products / count).isCloseTo(0, within(0.01));
    assertThat(within / count).isCloseTo(0.6827, within(0.005));
  }

  @Test
  void whatIsMoreNoiseThanSignalIsZeroInTheEndAndWhatWasZeroStaysSo() {
    Network start = Initialization.random(ARCHITECTURE, 2);
    start.parameters()[0] = 0;
    start.parameters()[1] = 0.1f;
    start.parameters()[2] = 0.1f;
    VariationalWeights weights = new VariationalWeights(start, new Ramp(1, 0), 10, 4);
    // log α = log σ² − log 0.01 is just above 3, and just below.
    weights.values()[PARAMETERS + 1] = (float) ((3.01 + Math.log(0.01)) / NoisyWeights.PACE);
    weights.values()[PARAMETERS + 2] = (float) ((2.99 + Math.log(0.01)) / NoisyWeights.PACE);
    weights.before(0, 10);
    assertThat(weights.parameters()[0]).isZero();
    assertThat(weights.mask()[0]).isZero();
    float[] left = weights.network().parameters();
    assertThat(left[0]).isZero();
    assertThat(left[1]).isZero();
    assertThat(left[2]).isEqualTo(0.1f);
  }
}
