package dev.pare.train;

import dev.pare.data.Examples;
import java.util.Optional;

/** What training makes small, over a set of examples. */
public interface BatchLoss {
  /**
   * The loss of a batch, the mean over its examples.
   *
   * @param indices the batch's examples; the first so many as there are in the batch count
   */
  Engine.LogitLoss on(int[] indices);

  /**
   * Tells how much of a training has passed, before each of its steps.
   *
   * @param progress from 0, at the first step, to 1, at the last
   */
  default void setProgress(double progress) {}

  /** Its terms, if it is one of those that have them. */
  default Optional<LossTerms> terms() {
    return Optional.empty();
  }

  /**
   * The loss by what the examples themselves say: cross entropy, or the squared error of what has
   * targets.
   */
  static BatchLoss ofExamples(Examples examples) {
    return switch (examples.task()) {
      case CLASSIFICATION -> DistillationLoss.ofLabels(examples, 0);
      case REGRESSION, RECONSTRUCTION -> SquaredLoss.ofTargets(examples);
    };
  }
}
