package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a network does on some examples.
 *
 * @param score what it is judged by
 * @param correctness which examples it gets right; null unless it tells classes apart
 * @param confusion null unless it tells at most {@link Confusion#MOST_CLASSES} classes apart, and
 *     where it is not known
 */
public record Evaluation(
    Estimate score, @Nullable Correctness correctness, @Nullable Confusion confusion)
    implements Serializable {
  public Evaluation {
    requireNonNull(score, "score is null");
  }

  /** Of a classifier that is judged by its error, and of which no more is known. */
  public static Evaluation of(Correctness correctness) {
    return new Evaluation(
        Estimate.error(correctness.correct(), correctness.examples()), correctness, null);
  }
}
