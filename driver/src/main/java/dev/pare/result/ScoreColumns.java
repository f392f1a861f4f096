package dev.pare.result;

import dev.pare.candidate.Estimate;
import dev.pare.candidate.Metric;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How good a network is on examples, of a part of the data: {@code validation_} or {@code test_}.
 * What is told of right answers is of networks that tell classes apart, whatever they are judged
 * by.
 */
public final class ScoreColumns {
  private static final List<Column<Score>> ALL =
      List.of(
          Column.whole(
              "examples", "examples", "how many were tried", score -> (long) score.total()),
          Column.whole(
              "correct",
              "examples",
              "how many were answered rightly",
              score -> score.correct() == null ? null : score.correct().longValue()),
          Column.real(
              "accuracy",
              "share",
              "of the examples that were answered rightly",
              classified(Score::accuracy)),
          Column.real(
              "low",
              "share",
              "lower end of the accuracy's 95% interval",
              classified(score -> score.interval().low())),
          Column.real(
              "high",
              "share",
              "upper end of the accuracy's 95% interval",
              classified(score -> score.interval().high())),
          Column.real("score", "metric", "value of the metric", score -> score.estimate().value()),
          Column.real(
              "score_low",
              "metric",
              "lower end of the score's 95% interval",
              score -> score.estimate().low()),
          Column.real(
              "score_high",
              "metric",
              "upper end of the score's 95% interval",
              score -> score.estimate().high()));

  private ScoreColumns() {}

  /**
   * The columns of a part of the data.
   *
   * @param prefix {@code validation_} or {@code test_}
   */
  public static List<Column<Score>> of(String prefix) {
    return ALL.stream().map(column -> column.prefixed(prefix)).toList();
  }

  private static <V> Function<Score, @Nullable V> classified(Function<Score, V> value) {
    return score -> score.correct() == null ? null : value.apply(score);
  }

  /**
   * What a row of a table tells; the classification error follows from the counts.
   *
   * @throws IllegalArgumentException naming the column that is missing or wrong
   */
  public static Score read(Values row, String prefix, Metric metric) {
    int examples = Math.toIntExact(row.whole(prefix + "examples"));
    if (metric.equals(Metric.ERROR)) {
      return new Score(Math.toIntExact(row.whole(prefix + "correct")), examples);
    }
    Long correct = row.wholeOrNull(prefix + "correct");
    return new Score(
        new Estimate(
            metric,
            examples,
            row.real(prefix + "score"),
            row.real(prefix + "score_low"),
            row.real(prefix + "score_high")),
        correct == null ? null : Integer.valueOf(Math.toIntExact(correct)));
  }
}
