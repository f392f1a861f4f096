package dev.pare.run;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Estimate;
import dev.pare.candidate.Metric;
import dev.pare.evaluate.Metrics;
import dev.pare.report.FrontierReport;
import dev.pare.result.Score;
import java.util.Optional;

/** Labels or features of test files that are not those of the training files' problem. */
final class TestDoubt {
  /** How much more of the test examples are wrong: so many times, and by so much of all. */
  private static final int TIMES = 2;

  private static final double MORE = 0.05;

  /** In deviations: further off than chance comes, however the examples were drawn. */
  private static final double BEYOND_CHANCE = 6;

  private TestDoubt() {}

  /** What is odd about a teacher's results on test data, in some words. */
  static Optional<String> of(FrontierReport.Teacher teacher) {
    Score test = requireNonNull(teacher.test());
    Estimate validated = teacher.validation().estimate();
    Estimate tested = test.estimate();
    Metric metric = tested.metric();
    double guess = metric.quality(requireNonNull(teacher.guess()));
    if (Metrics.worst(tested) <= guess
        && Metrics.worst(validated) > guess
        && Metrics.best(tested) < Metrics.worst(validated)) {
      return Optional.of(
          "no better than guessing on test data, whose %s is %s%s, where that of validation data is %s%s: do data.test's labels belong to its features, and are both prepared alike?"
              .formatted(
                  metric,
                  metric.text(tested.value()),
                  metric.unit().strip(),
                  metric.text(validated.value()),
                  metric.unit().strip()));
    }
    return isFarWorse(teacher.validation(), test)
        ? Optional.of(
            "%s of test examples are wrong, where %s of validation examples are, far more than chance explains: do data.test's labels belong to its features, are both prepared alike, and was the teacher not trained on validation examples?"
                .formatted(wrong(test), wrong(teacher.validation())))
        : Optional.empty();
  }

  private static String wrong(Score score) {
    return Metric.ERROR.text(1 - score.accuracy()) + Metric.ERROR.unit().strip();
  }

  /** By the counts of two binomials, where there are classes. */
  static boolean isFarWorse(Score validated, Score tested) {
    if (validated.correct() == null || tested.correct() == null) {
      return false;
    }
    double before = 1 - validated.accuracy();
    double now = 1 - tested.accuracy();
    double wrong =
        (before * validated.total() + now * tested.total()) / (validated.total() + tested.total());
    double deviation =
        Math.sqrt(wrong * (1 - wrong) * (1.0 / validated.total() + 1.0 / tested.total()));
    return now >= TIMES * before
        && now - before >= MORE
        && now - before > BEYOND_CHANCE * deviation;
  }
}
