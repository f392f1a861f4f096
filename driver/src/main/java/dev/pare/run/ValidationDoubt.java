package dev.pare.run;

import dev.pare.candidate.Estimate;
import dev.pare.candidate.Evaluation;
import dev.pare.data.Examples;
import dev.pare.data.TrainingData;
import dev.pare.evaluate.Metrics;
import dev.pare.spec.TeacherSpec;
import java.util.Optional;

/** A teacher that its validation examples show to be none, or another one than was meant. */
final class ValidationDoubt {
  private ValidationDoubt() {}

  /** What is odd about a teacher's results on validation data, in some words. */
  static Optional<String> of(TeacherSpec.Kind kind, Evaluation validation, TrainingData data) {
    Optional<String> order =
        Optional.ofNullable(validation.confusion())
            .filter(known -> kind == TeacherSpec.Kind.LOAD)
            .flatMap(known -> ClassOrder.doubt(known, data.preparation().classes()));
    return order.isEmpty() && Metrics.isGuess(validation.score(), data.validation())
        ? Optional.of(noBetterThanGuessing(kind, validation.score(), data.validation()))
        : order;
  }

  private static String noBetterThanGuessing(
      TeacherSpec.Kind kind, Estimate score, Examples validation) {
    return "no better than guessing, which has a validation %s of %s%s: %s"
        .formatted(
            score.metric(),
            score.metric().text(Metrics.guess(score.metric(), validation)),
            score.metric().unit().strip(),
            switch (kind) {
              case TRAIN ->
                  "has it learned anything? teacher.epochs and teacher.learning-rate, or the scale of the data, may be why";
              case LOAD ->
                  "are the order of classes, data.divisor and the data's scale what it was trained with?";
            });
  }
}
