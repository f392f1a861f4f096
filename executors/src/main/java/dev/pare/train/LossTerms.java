package dev.pare.train;

import static java.util.Objects.requireNonNull;

import dev.pare.data.Examples;
import org.jspecify.annotations.Nullable;

/**
 * A loss by its terms, for those who compute it themselves: {@code (1−α)} of what examples say and
 * {@code α} of what a teacher does, as {@link DistillationLoss} has it of classes and {@link
 * SquaredLoss} of numbers.
 *
 * @param teacher its outputs, {@code [examples × outputs]}; null where {@code alpha} is 0
 */
public record LossTerms(
    Examples examples,
    float @Nullable [] teacher,
    double alpha,
    double temperature,
    double smoothing) {
  public LossTerms {
    requireNonNull(examples, "examples is null");
    if (alpha > 0 && teacher == null) {
      throw new IllegalArgumentException("alpha = " + alpha + " without a teacher");
    }
  }
}
