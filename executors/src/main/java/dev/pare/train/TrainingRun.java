package dev.pare.train;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;

/**
 * All that one training depends on.
 *
 * @param examples all variants of the training examples, variant-major
 * @param originals how many examples an epoch has
 * @param loss over {@code examples}
 * @param l1 weight of {@code |w|} in the loss
 * @param seed of the order of the examples
 * @param variables changed in place
 * @param schedule told before and after each step
 */
public record TrainingRun(
    Architecture architecture,
    Examples examples,
    int originals,
    BatchLoss loss,
    Training settings,
    double l1,
    long seed,
    TrainableParameters variables,
    Schedule schedule) {
  public TrainingRun {
    requireNonNull(architecture, "architecture is null");
    requireNonNull(examples, "examples is null");
    requireNonNull(loss, "loss is null");
    requireNonNull(settings, "settings is null");
    requireNonNull(variables, "variables is null");
    requireNonNull(schedule, "schedule is null");
    check(architecture, examples);
  }

  /**
   * Checks that a network can learn from examples.
   *
   * @throws IllegalArgumentException if it reads other features, or has other outputs
   */
  static void check(Architecture architecture, Examples examples) {
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

  /** How many steps it takes. */
  public int steps() {
    return steps(settings, originals);
  }

  static int steps(Training settings, int originals) {
    return Math.multiplyExact(settings.epochs(), (originals - 1) / settings.batch() + 1);
  }

  /** Examples of a step, but of an epoch's last. */
  public int batch() {
    return Math.min(settings.batch(), originals);
  }

  /** The order in which it sees the examples. */
  public BatchOrder order() {
    return new BatchOrder(originals, examples.size(), seed);
  }

  /** The learning rate of a step. */
  public double learningRate(int step) {
    return switch (settings.decay()) {
      case NONE -> settings.learningRate();
      case COSINE -> settings.learningRate() * 0.5 * (1 + StrictMath.cos(Math.PI * step / steps()));
    };
  }

  /** With what a step diverged. */
  TrainingDivergedException diverged(String what) {
    return new TrainingDivergedException(
        what + " (learning-rate = " + settings.learningRate() + ")");
  }

  /**
   * Checks the loss of a step.
   *
   * @throws TrainingDivergedException if it is no finite number
   */
  public void checkLoss(double loss, int step) {
    if (!Double.isFinite(loss)) {
      throw diverged("the loss is " + loss + " at step " + (step + 1) + " of " + steps());
    }
  }

  /**
   * Checks what training has come to.
   *
   * @throws TrainingDivergedException if a variable is no finite number
   */
  public void checkVariables() {
    for (float variable : variables.values()) {
      if (!Float.isFinite(variable)) {
        throw diverged("a variable is " + variable + " after " + steps() + " steps");
      }
    }
  }
}
