package dev.pare.result;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Estimate;
import dev.pare.candidate.Metric;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What trainings that differ in nothing but their random choices come to.
 *
 * @param count how many there were, at least 2
 * @param mean of what they are judged by on the same validation examples, with its 95% interval by
 *     their random choices
 */
public record Runs(int count, Estimate mean) {
  /** In the order of tables. */
  public static final List<Column<Runs>> COLUMNS =
      List.of(
          Column.whole(
              "runs",
              "trainings",
              "trainings of the same settings that differ in their random choices, the file's included",
              runs -> (long) runs.count()),
          Column.real(
              "runs_score",
              "metric",
              "mean of their values of the metric on the validation examples",
              runs -> runs.mean().value()),
          Column.real(
              "runs_score_low",
              "metric",
              "lower end of the mean's 95% interval, by random choices alone",
              runs -> runs.mean().low()),
          Column.real(
              "runs_score_high",
              "metric",
              "upper end of the mean's 95% interval, by random choices alone",
              runs -> runs.mean().high()));

  public Runs {
    requireNonNull(mean, "mean is null");
    if (count < 2) {
      throw new IllegalArgumentException("runs = " + count + ": must be at least 2");
    }
  }

  /** What a row of a table tells; null where a single run or none is known. */
  public static @Nullable Runs read(Values row, Metric metric, int examples) {
    Long count = row.wholeOrNull("runs");
    return count == null
        ? null
        : new Runs(
            Math.toIntExact(count),
            new Estimate(
                metric,
                examples,
                row.real("runs_score"),
                row.real("runs_score_low"),
                row.real("runs_score_high")));
  }

  /** As {@code 1.58 ± 0.25 of 3}. */
  public String text() {
    return mean.text() + " of " + count;
  }
}
