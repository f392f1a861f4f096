package dev.pare.train;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Adversarial;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.layers.Batch;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The training loop: batches in seeded order, gradients from an {@link Engine}, Adam on the {@link
 * TrainableParameters}.
 *
 * <p>Its result depends on its arguments alone.
 */
public final class Trainer {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  private final Architecture architecture;
  private final Examples examples;
  private final int originals;
  private final BatchLoss loss;
  private final Training settings;
  private final double l1;
  private final long seed;
  private final @Nullable InputSpace space;

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
    this(architecture, examples, originals, loss, settings, l1, seed, null);
  }

  /**
   * @param examples all variants of the training examples, variant-major
   * @param originals how many examples an epoch has
   * @param loss over {@code examples}
   * @param l1 weight of {@code |w|} in the loss
   * @param seed of the order of the examples
   * @param space of the examples, for adversarial training; null where there is none
   */
  public Trainer(
      Architecture architecture,
      Examples examples,
      int originals,
      BatchLoss loss,
      Training settings,
      double l1,
      long seed,
      @Nullable InputSpace space) {
    this.architecture = requireNonNull(architecture, "architecture is null");
    this.examples = requireNonNull(examples, "examples is null");
    this.originals = originals;
    this.loss = requireNonNull(loss, "loss is null");
    this.settings = requireNonNull(settings, "settings is null");
    this.l1 = l1;
    this.seed = seed;
    this.space = space;
    TrainingRun.check(architecture, examples);
  }

  /** How many steps {@link #train} will take. */
  public int steps() {
    return TrainingRun.steps(settings, originals);
  }

  /**
   * Trains on the processor.
   *
   * @param schedule is told before and after each step
   * @throws TrainingDivergedException if the loss or a variable is no finite number
   * @throws CancellationException if the thread is interrupted, which it stays
   */
  public void train(TrainableParameters variables, Schedule schedule) {
    train(variables, schedule, null);
  }

  /**
   * Trains, on a device if there is one that can.
   *
   * @param schedule is told before and after each step
   * @param device null to train on the processor
   * @throws TrainingDivergedException if the loss or a variable is no finite number
   * @throws DeviceFailureException if the device fails or has no room
   * @throws CancellationException if the thread is interrupted, which it stays
   */
  public void train(
      TrainableParameters variables, Schedule schedule, @Nullable TrainingDevice device) {
    TrainingRun run =
        new TrainingRun(
            architecture, examples, originals, loss, settings, l1, seed, variables, schedule);
    if (run.steps() == 0) {
      return;
    }
    Optional<String> refusal = device == null ? Optional.empty() : device.refusal(run);
    refusal.ifPresent(why -> LOG.info("trained on the processor, because {}", why));
    if (device != null && refusal.isEmpty()) {
      device.train(run);
    } else {
      train(run, space);
    }
    run.checkVariables();
  }

  private static void train(TrainingRun run, @Nullable InputSpace space) {
    int steps = run.steps();
    int[] indices = new int[run.batch()];
    Batch inputs = new Batch(run.examples().features(), 0);
    float[] gradient = new float[run.architecture().parameters()];
    TrainableParameters variables = run.variables();
    Adam adam = new Adam(variables.values().length, run.l1(), run.settings().l2());
    Engine.LogitLoss batchLoss = run.loss().on(indices);
    BatchOrder order = run.order();
    int epoch = steps / run.settings().epochs();
    WeightAverage average = new WeightAverage(run.settings().averaging(), variables, epoch, steps);
    Adversarial adversarial = run.settings().adversarial();
    int largest = AdversarialStep.engineBatch(adversarial, indices.length);
    try (Engine engine = Engines.of(run.architecture(), largest)) {
      StepGradient stepGradient =
          adversarial.method() == Adversarial.Method.NONE
              ? parameters -> engine.gradient(parameters, inputs, batchLoss, gradient)
              : adversarial(run, space, indices, batchLoss, engine, inputs, gradient);
      for (int step = 0; step < steps; step++) {
        if (Thread.currentThread().isInterrupted()) {
          throw new CancellationException("interrupted at step " + (step + 1) + " of " + steps);
        }
        run.schedule().before(step, steps);
        run.loss().setProgress(step / Math.max(1.0, steps - 1));
        int count = order.next(indices);
        inputs.load(run.examples(), indices, count);
        float[] parameters = variables.parameters();
        engine.setLive(variables.liveParameters());
        run.checkLoss(stepGradient.at(parameters), step);
        adam.step(variables, variables.pullBack(gradient), run.learningRate(step));
        run.schedule().after(step, steps, adam);
        average.after(step);
      }
      average.replace();
      // Of the batches of one more epoch, whose gradients are for their statistics alone.
      for (int batch = 0; batch < epoch && average.wantsStatistics(); batch++) {
        int count = order.next(indices);
        inputs.load(run.examples(), indices, count);
        engine.setLive(variables.liveParameters());
        stepGradient.at(variables.parameters());
        average.takeStatistics(variables.pullBack(gradient), batch);
      }
    }
  }

  /** Computes the gradient of a step, whose examples are loaded. */
  private interface StepGradient {
    /** Returns the loss. */
    double at(float[] parameters);
  }

  private static StepGradient adversarial(
      TrainingRun run,
      @Nullable InputSpace space,
      int[] indices,
      Engine.LogitLoss loss,
      Engine engine,
      Batch inputs,
      float[] gradient) {
    AdversarialStep step =
        new AdversarialStep(
            run.architecture(),
            run.settings().adversarial(),
            run.examples(),
            requireNonNull(space, "adversarial training without the space of the examples"),
            indices,
            loss,
            run.seed());
    return parameters -> step.gradient(engine, parameters, inputs, gradient);
  }
}
