package dev.pare.candidate;

import static dev.pare.candidate.Checks.between;
import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * How a teacher is trained; its loss is cross entropy or, for regression and reconstruction, the
 * squared error, so that temperature and α have no part in it.
 *
 * @param training epochs, batch, learning rate and L2 penalty
 * @param l1 L1 penalty on weights: {@code l1·‖w‖₁} is added to the loss
 * @param labelSmoothing share of a label spread evenly over all classes, 0 up to 1
 */
public record TeacherTraining(Training training, double l1, double labelSmoothing)
    implements Serializable {
  public TeacherTraining {
    requireNonNull(training, "training is null");
    between("l1", l1, 0, Training.MOST_PENALTY);
    between("label-smoothing", labelSmoothing, 0, 1);
  }
}
