package dev.pare.train;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.layers.Team;
import java.util.concurrent.CancellationException;

/**
 * The training loop: batches in seeded order, gradients from an {@link Engine}, Adam on the {@link
 * TrainableParameters}.
 *
 * <p>Its result depends on its arguments alone.
 */
public final class Trainer {
  private final Architecture architecture;
  private final Examples examples;
  private final int originals;
  private final BatchLoss loss;
  private final Training settings;
  private final double l1;
  private final long seed;

  /**
   * @param examples all variants of the training examples, variant-major
   * @param originals how many examples an epoch has
   * @param loss over {@code examples}
   * @param l1 weight of {@code |w|} in the loss
   * @param seed of the order of the examples
   */
  public Trainer(
      Architecture architecture,
      Examples examples,
      int originals,
      BatchLoss loss,
      Training settings,
      double l1,
      long seed) {
    this.architecture = requireNonNull(architecture, "architecture is null");
    this.examples = requireNonNull(examples, "examples is null");
    this.originals = originals;
    this.loss = requireNonNull(loss, "loss is null");
    this.settings = requireNonNull(settings, "settings is null");
    this.l1 = l1;
    this.seed = seed;
    if (examples.features() != architecture.input().size()) {
      throw new IllegalArgumentException(
          "examples have "
              + examples.features()
              + " features, the network reads "
              + architecture.input().size());
    }
    if (examples.outputs() != architecture.outputs()) {
      throw new IllegalArgumentException(
          "examples ask for "
              + examples.outputs()
              + " outputs, the network has "
              + architecture.outputs());
    }
  }

  /** How many steps {@link #train} will take. */
  public int steps() {
    return Math.multiplyExact(settings.epochs(), (originals - 1) / settings.batch() + 1);
  }

  /**
   * Trains.
   *
   * @param schedule is told before and after each step
   * @throws TrainingDivergedException if the loss or a variable is no finite number
   * @throws CancellationException if the thread is interrupted, which it stays
   */
  public void train(TrainableParameters variables, Schedule schedule) {
    int steps = steps();
    if (steps == 0) {
      return;
    }
    int batch = Math.min(settings.batch(), originals);
    int features = examples.features();
    int[] indices = new int[batch];
    float[] inputs = new float[batch * features];
    float[] gradient = new float[architecture.parameters()];
    Adam adam = new Adam(variables.values().length, l1, settings.l2());
    Engine.LogitLoss batchLoss = loss.on(indices);
    BatchOrder order = new BatchOrder(originals, examples.size(), seed);
    try (Engine engine = Engines.of(architecture, batch)) {
      for (int step = 0; step < steps; step++) {
        if (Thread.currentThread().isInterrupted()) {
          throw new CancellationException("interrupted at step " + (step + 1) + " of " + steps);
        }
        schedule.before(step, steps);
        int count = order.next(indices);
        fill(inputs, indices, count, features);
        double value = engine.gradient(variables.parameters(), inputs, count, batchLoss, gradient);
        if (!Double.isFinite(value)) {
          throw new TrainingDivergedException(
              "the loss is " + value + " at step " + (step + 1) + " of " + steps + rate());
        }
        adam.step(variables, variables.pullBack(gradient), learningRate(step, steps));
        schedule.after(step, steps, adam);
      }
    }
    for (float variable : variables.values()) {
      if (!Float.isFinite(variable)) {
        throw new TrainingDivergedException(
            "a variable is " + variable + " after " + steps + " steps" + rate());
      }
    }
  }

  private String rate() {
    return " (learning-rate = " + settings.learningRate() + ")";
  }

  private void fill(float[] inputs, int[] indices, int count, int features) {
    Team.divide(
        0,
        count,
        features,
        (from, to) -> {
          for (int b = from; b < to; b++) {
            examples.copyFeatures(indices[b], inputs, b * features);
          }
        });
  }

  private double learningRate(int step, int steps) {
    return switch (settings.decay()) {
      case NONE -> settings.learningRate();
      case COSINE -> settings.learningRate() * 0.5 * (1 + StrictMath.cos(Math.PI * step / steps));
    };
  }
}
