package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Adversarial;
import dev.pare.candidate.Adversarial.Method;
import dev.pare.data.ExampleShape;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.ReferenceNetwork;
import dev.pare.layers.Batch;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdversarialStepTest {
  private static final int FEATURES = 6;
  private static final int CLASSES = 3;
  private static final int COUNT = 70;
  private static final double RADIUS = 0.3;
  private static final Architecture HIDDEN =
      new Architecture(
          new InputShape(FEATURES, 1, 1, 4),
          List.of(new Dense(5, Activation.TANH), new Dense(CLASSES, Activation.SOFTMAX)));

  /** Some at the ends of what features are, and one feature that is always the same. */
  private static Examples examples(int classes) {
    SplittableRandom random = new SplittableRandom(8);
    float[] values = new float[COUNT * FEATURES];
    int[] labels = new int[COUNT];
    for (int i = 0; i < values.length; i++) {
      double any = 4 * random.nextGaussian();
      values[i] = i % FEATURES == 2 ? 1.5f : (float) Math.max(-3, Math.min(3, any));
    }
    for (int i = 0; i < COUNT; i++) {
      labels[i] = random.nextInt(classes);
    }
    return MemoryExamples.of(values, FEATURES, labels, classes);
  }

  private static InputSpace space(Examples examples) {
    return InputSpace.of(new ExampleShape(FEATURES, 1, 1), examples);
  }

  private static Adversarial settings(Method method, int steps) {
    return new Adversarial(method, RADIUS, steps, 2.5);
  }

  /** What a step's gradient is of, and what it is. */
  private static final class Recorded {
    private float[] inputs = {};
    private float[] gradient = {};
    private double loss;
  }

  private static Recorded step(
      Network network, Examples examples, Adversarial settings, BatchLoss loss, long seed) {
    int[] indices = new int[COUNT];
    Arrays.setAll(indices, i -> COUNT - 1 - i);
    Architecture architecture = network.architecture();
    AdversarialStep step =
        new AdversarialStep(
            architecture, settings, examples, space(examples), indices, loss.on(indices), seed);
    Batch batch = new Batch(FEATURES, 0);
    batch.load(examples, indices, COUNT);
    Recorded recorded = new Recorded();
    recorded.gradient = new float[architecture.parameters()];
    try (Engine own = Engines.of(architecture, AdversarialStep.engineBatch(settings, COUNT))) {
      Engine engine =
          new Engine() {
            @Override
            public void forward(float[] parameters, Batch batch, float[] logits) {
              throw new UnsupportedOperationException();
            }

            @Override
            public double gradient(
                float[] parameters, Batch batch, LogitLoss loss, float[] gradient) {
              recorded.inputs = Arrays.copyOf(batch.floats(), batch.size() * FEATURES);
              return own.gradient(parameters, batch, loss, gradient);
            }

            @Override
            public void close() {}
          };
      recorded.loss = step.gradient(engine, network.parameters(), batch, recorded.gradient);
    }
    return recorded;
  }

  /** The paper's loss in doubles: cross entropy, or that and β times KL(examples‖inputs near). */
  private static double reference(
      Architecture architecture,
      double[] parameters,
      float[] inputs,
      Examples examples,
      Adversarial settings) {
    double sum = 0;
    for (int b = 0; b < COUNT; b++) {
      int label = examples.label(COUNT - 1 - b);
      double[] first = logShares(architecture, parameters, inputs, b);
      sum -= first[label];
      if (settings.method() == Method.TRADES) {
        double[] near = logShares(architecture, parameters, inputs, COUNT + b);
        for (int c = 0; c < CLASSES; c++) {
          sum += settings.beta() * Math.exp(first[c]) * (first[c] - near[c]);
        }
      }
    }
    return sum / COUNT;
  }

  private static double[] logShares(
      Architecture architecture, double[] parameters, float[] inputs, int row) {
    double[] divided = new double[FEATURES];
    for (int f = 0; f < FEATURES; f++) {
      divided[f] = (double) inputs[row * FEATURES + f] / architecture.input().divisor();
    }
    double[] logits = ReferenceNetwork.logits(architecture, parameters, divided);
    double total = Math.log(Arrays.stream(logits).map(Math::exp).sum());
    return Arrays.stream(logits).map(z -> z - total).toArray();
  }

  @ParameterizedTest
  @EnumSource(names = {"PGD", "TRADES"})
  void gradientsAreCentralDifferencesOfThePapersLoss(Method method) {
    Examples examples = examples(CLASSES);
    Network network = Initialization.random(HIDDEN, 3);
    Adversarial settings = settings(method, 3);
    Recorded recorded =
        step(network, examples, settings, DistillationLoss.ofLabels(examples, 0), 5);
    double[] parameters = new double[network.parameters().length];
    Arrays.setAll(parameters, i -> network.parameters()[i]);

    assertThat(recorded.loss)
        .isCloseTo(
            reference(HIDDEN, parameters, recorded.inputs, examples, settings), within(1e-5));
    double h = 1e-5;
    for (int i = 0; i < parameters.length; i++) {
      double at = parameters[i];
      parameters[i] = at + h;
      double above = reference(HIDDEN, parameters, recorded.inputs, examples, settings);
      parameters[i] = at - h;
      double below = reference(HIDDEN, parameters, recorded.inputs, examples, settings);
      parameters[i] = at;
      assertThat((double) recorded.gradient[i])
          .as("parameter %d", i)
          .isCloseTo((above - below) / (2 * h), within(2e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void whatIsMadeIsInTheBallAndWithinWhatFeaturesAre(int steps) {
    Examples examples = examples(CLASSES);
    InputSpace space = space(examples);
    for (Method method : List.of(Method.PGD, Method.TRADES)) {
      Recorded recorded =
          step(
              Initialization.random(HIDDEN, 3),
              examples,
              settings(method, steps),
              DistillationLoss.ofLabels(examples, 0),
              5);
      int rows = recorded.inputs.length / FEATURES;
      assertThat(rows).isEqualTo(method == Method.PGD ? COUNT : 2 * COUNT);
      float[] row = new float[FEATURES];
      int moved = 0;
      for (int b = 0; b < COUNT; b++) {
        examples.copyFeatures(COUNT - 1 - b, row, 0);
        for (int f = 0; f < FEATURES; f++) {
          float made = recorded.inputs[(rows - COUNT + b) * FEATURES + f];
          assertThat(Math.abs((double) made - row[f]))
              .isLessThanOrEqualTo(RADIUS * space.unit(f) + 1e-6);
          assertThat(made).isBetween(f == 2 ? 1.5f : -3f, f == 2 ? 1.5f : 3f);
          moved += made == row[f] ? 0 : 1;
          if (method == Method.TRADES) {
            assertThat(recorded.inputs[b * FEATURES + f]).isEqualTo(row[f]);
          }
        }
      }
      // Not the constant feature, and few of those at an end of its range, which nearly half are.
      assertThat(moved).isGreaterThan(COUNT * (FEATURES - 1) / 2);
    }
  }

  /** Of two classes of a linear network each feature is to go to the end that its weight says. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10})
  void findsTheWorstInputsOfALinearNetwork(int steps) {
    Architecture linear =
        new Architecture(
            new InputShape(FEATURES, 1, 1, 4), List.of(new Dense(2, Activation.SOFTMAX)));
    Network network = Initialization.random(linear, 4);
    Examples examples = examples(2);
    InputSpace space = space(examples);
    Recorded recorded =
        step(
            network,
            examples,
            settings(Method.PGD, steps),
            DistillationLoss.ofLabels(examples, 0),
            5);
    float[] row = new float[FEATURES];
    float[] least = new float[FEATURES];
    float[] most = new float[FEATURES];
    int ends = 0;
    for (int b = 0; b < COUNT; b++) {
      examples.copyFeatures(COUNT - 1 - b, row, 0);
      space.ball(row, 0, RADIUS, least, most);
      int label = examples.label(COUNT - 1 - b);
      for (int f = 0; f < FEATURES; f++) {
        float other = network.parameters()[(1 - label) * FEATURES + f];
        float own = network.parameters()[label * FEATURES + f];
        float made = recorded.inputs[b * FEATURES + f];
        float best = other > own ? most[f] : least[f];
        ends += Math.abs(made - best) < 1e-5 ? 1 : 0;
      }
    }
    // One step of 1.25 radii does not get from the far half of its starts' last quarter to the end.
    assertThat(ends)
        .isGreaterThanOrEqualTo(steps == 1 ? COUNT * FEATURES * 55 / 100 : COUNT * FEATURES);
  }

  @Test
  void theSameSeedMakesTheSameInputsAndAnotherSeedOthers() {
    Examples examples = examples(CLASSES);
    Network network = Initialization.random(HIDDEN, 3);
    for (Method method : List.of(Method.PGD, Method.TRADES)) {
      BatchLoss loss = DistillationLoss.ofLabels(examples, 0);
      Recorded one = step(network, examples, settings(method, 2), loss, 5);
      Recorded same = step(network, examples, settings(method, 2), loss, 5);
      Recorded other = step(network, examples, settings(method, 2), loss, 6);
      assertThat(same.inputs).containsExactly(one.inputs);
      assertThat(same.gradient).containsExactly(one.gradient);
      assertThat(other.inputs).isNotEqualTo(one.inputs);
    }
  }

  /** Its batch normalization works with running statistics, whatever the batch is. */
  @Test
  void attacksTheStudentAsItIsInUse() {
    Architecture normalized =
        new Architecture(
            new InputShape(FEATURES, 1, 1, 4),
            List.of(
                new BatchNormalization(1e-5f, Activation.IDENTITY),
                new Dense(2, Activation.SOFTMAX)));
    Network network = Initialization.random(normalized, 4);
    int weights = 4 * FEATURES;
    // A running variance that turns no weight, and one factor below 0, which turns its feature.
    network.parameters()[1] = -1;
    Examples examples = examples(2);
    Recorded recorded =
        step(network, examples, settings(Method.PGD, 5), DistillationLoss.ofLabels(examples, 0), 5);
    InputSpace space = space(examples);
    float[] row = new float[FEATURES];
    float[] least = new float[FEATURES];
    float[] most = new float[FEATURES];
    for (int b = 0; b < COUNT; b++) {
      examples.copyFeatures(COUNT - 1 - b, row, 0);
      space.ball(row, 0, RADIUS, least, most);
      int label = examples.label(COUNT - 1 - b);
      for (int f = 0; f < FEATURES; f++) {
        float slope =
            network.parameters()[weights + (1 - label) * FEATURES + f]
                - network.parameters()[weights + label * FEATURES + f];
        float best = slope * (f == 1 ? -1 : 1) > 0 ? most[f] : least[f];
        assertThat(recorded.inputs[b * FEATURES + f]).isCloseTo(best, within(1e-5f));
      }
    }
  }

  /** The examples' part is whatever the loss is, teacher and all. */
  @Test
  void tradesAddsToALossWithATeacher() {
    Examples examples = examples(CLASSES);
    Network network = Initialization.random(HIDDEN, 3);
    float[] logits = new float[COUNT * CLASSES];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian();
    }
    BatchLoss taught = DistillationLoss.ofTeacher(examples, logits, 2, 0.7);
    Recorded with = step(network, examples, settings(Method.TRADES, 2), taught, 5);
    Recorded labels =
        step(
            network,
            examples,
            settings(Method.TRADES, 2),
            DistillationLoss.ofLabels(examples, 0),
            5);
    // The attack is by the divergence, which knows neither labels nor teachers.
    assertThat(with.inputs).containsExactly(labels.inputs);
    float[] own = new float[HIDDEN.parameters()];
    float[] ownOfLabels = new float[HIDDEN.parameters()];
    int[] indices = new int[COUNT];
    Arrays.setAll(indices, i -> COUNT - 1 - i);
    Batch batch = new Batch(FEATURES, 0);
    batch.load(examples, indices, COUNT);
    try (Engine engine = Engines.of(HIDDEN, COUNT)) {
      engine.gradient(network.parameters(), batch, taught.on(indices), own);
      BatchLoss plain = DistillationLoss.ofLabels(examples, 0);
      engine.gradient(network.parameters(), batch, plain.on(indices), ownOfLabels);
    }
    for (int i = 0; i < own.length; i++) {
      assertThat(with.gradient[i] - labels.gradient[i])
          .isCloseTo(own[i] - ownOfLabels[i], within(1e-5f));
    }
  }
}
