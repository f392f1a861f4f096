package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Averaging;
import dev.pare.candidate.Distillation;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Averages against the weights of all steps, which a schedule has seen. */
class WeightAverageTest {
  private static final Architecture PLAIN =
      new Architecture(
          new InputShape(6, 1, 1, 1),
          List.of(new Dense(5, Activation.RELU), new Dense(3, Activation.SOFTMAX)));

  /** 24 examples in batches of 8: three steps an epoch. */
  private static final Examples EXAMPLES =
      MemoryExamples.clusters(24, 6, 3, new SplittableRandom(4));

  /** Prunes the first weight before the sixth step, and keeps what weights are after each. */
  private static final class Recording implements Schedule {
    private final MaskedWeights weights;
    private final List<float[]> seen = new ArrayList<>();

    Recording(MaskedWeights weights) {
      this.weights = weights;
    }

    @Override
    public void before(int step, int steps) {
      if (step == 5) {
        weights.prune(0);
      }
    }

    @Override
    public void after(int step, int steps, StepSizes sizes) {
      seen.add(weights.values().clone());
    }
  }

  private static Training training(int epochs, int batch, Averaging averaging) {
    return new Training(
        epochs, batch, 0.05, Training.Decay.NONE, 0, 1, 0, Distillation.USUAL, averaging, null);
  }

  private static Recording train(
      Network start, Examples examples, Training training, MaskedWeights weights) {
    Recording recording = new Recording(weights);
    new Trainer(
            start.architecture(),
            examples,
            examples.size(),
            DistillationLoss.ofLabels(examples, 0),
            training,
            0,
            3)
        .train(weights, recording);
    return recording;
  }

  @Test
  void whatAPenaltyHasMadeZeroStaysZero() {
    MaskedWeights weights = new MaskedWeights(Initialization.random(PLAIN, 1));
    WeightAverage average =
        new WeightAverage(new Averaging(Averaging.Kind.EMA, 0, 0.5), weights, 1, 4);
    for (int step = 0; step < 4; step++) {
      weights.values()[2] = step < 3 ? 0.5f : 0;
      average.after(step);
    }
    average.replace();

    assertThat(weights.values()[2]).isZero();
    assertThat(weights.values()[3]).isNotZero();
  }

  @Test
  void swaIsTheMeanOfTheEndsOfTheLastEpochs() {
    MaskedWeights weights = new MaskedWeights(Initialization.random(PLAIN, 1));
    Averaging half = new Averaging(Averaging.Kind.SWA, 0.5, 0.9);
    List<float[]> seen = train(weights.network(), EXAMPLES, training(4, 8, half), weights).seen;

    assertThat(seen).hasSize(12);
    assertThat(weights.values()[0]).isZero();
    assertThat(seen.get(2)[0]).isNotZero();
    for (int i = 1; i < weights.values().length; i++) {
      // Of four epochs the last two are more than half of the steps.
      assertThat((double) weights.values()[i])
          .isCloseTo(((double) seen.get(8)[i] + seen.get(11)[i]) / 2, within(1e-6));
    }
    assertThat(seen.get(8)).isNotEqualTo(seen.get(11));
  }

  @Test
  void swaIsOfTwoEpochsEndsAtLeast() {
    MaskedWeights weights = new MaskedWeights(Initialization.random(PLAIN, 1));
    Averaging late = new Averaging(Averaging.Kind.SWA, 0.75, 0.9);
    List<float[]> seen = train(weights.network(), EXAMPLES, training(3, 8, late), weights).seen;

    assertThat(seen).hasSize(9);
    for (int i = 1; i < weights.values().length; i++) {
      assertThat((double) weights.values()[i])
          .isCloseTo(((double) seen.get(5)[i] + seen.get(8)[i]) / 2, within(1e-6));
    }
  }

  @Test
  void emaKeepsAShareInEachStep() {
    MaskedWeights weights = new MaskedWeights(Initialization.random(PLAIN, 1));
    Averaging quarter = new Averaging(Averaging.Kind.EMA, 0.75, 0.8);
    List<float[]> seen = train(weights.network(), EXAMPLES, training(4, 8, quarter), weights).seen;

    for (int i = 1; i < weights.values().length; i++) {
      double first = seen.get(9)[i];
      double second = 0.8 * first + 0.2 * seen.get(10)[i];
      double third = 0.8 * second + 0.2 * seen.get(11)[i];
      assertThat((double) weights.values()[i]).isCloseTo(third, within(1e-6));
    }
    assertThat(weights.values()[0]).isZero();
  }

  @Test
  void fromTheBeginningPrunedWeightsStayZero() {
    MaskedWeights weights = new MaskedWeights(Initialization.random(PLAIN, 1));
    Averaging all = new Averaging(Averaging.Kind.EMA, 0, 0.9);
    List<float[]> seen = train(weights.network(), EXAMPLES, training(2, 8, all), weights).seen;

    assertThat(seen.get(4)[0]).isNotZero();
    assertThat(weights.values()[0]).isZero();
  }

  /** All that comes first is the inputs, whose mean and variance are those of the examples. */
  @Test
  void statisticsAreThoseOfOneMoreEpoch() {
    Architecture normalized =
        new Architecture(
            new InputShape(6, 1, 1, 1),
            List.of(
                new BatchNormalization(1e-5f, Activation.RELU), new Dense(3, Activation.SOFTMAX)));
    MaskedWeights weights = new MaskedWeights(Initialization.random(normalized, 1));
    Averaging swa = new Averaging(Averaging.Kind.SWA, 0, 0.9);
    train(weights.network(), EXAMPLES, training(2, 24, swa), weights);

    for (int f = 0; f < 6; f++) {
      double mean = 0;
      double squares = 0;
      float[] row = new float[6];
      for (int e = 0; e < 24; e++) {
        EXAMPLES.copyFeatures(e, row, 0);
        mean += row[f] / 24.0;
        squares += (double) row[f] * row[f] / 24;
      }
      // After factors and summands.
      assertThat((double) weights.values()[12 + f]).isCloseTo(mean, within(1e-4));
      assertThat((double) weights.values()[18 + f]).isCloseTo(squares - mean * mean, within(1e-3));
    }
  }

  @Test
  void withoutAnAverageWeightsAreThoseOfTheLastStep() {
    MaskedWeights weights = new MaskedWeights(Initialization.random(PLAIN, 1));
    List<float[]> seen =
        train(weights.network(), EXAMPLES, training(2, 8, Averaging.NONE), weights).seen;

    assertThat(weights.values()).containsExactly(seen.get(5));
  }
}
