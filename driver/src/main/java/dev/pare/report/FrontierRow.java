package dev.pare.report;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Evaluation;
import dev.pare.candidate.FileSummary;
import dev.pare.candidate.StageKey;
import dev.pare.frontier.FrontierPoint;
import dev.pare.frontier.ParetoFrontier;
import dev.pare.frontier.Tradeoff;
import dev.pare.result.Column;
import dev.pare.result.FileColumns;
import dev.pare.result.Runs;
import dev.pare.result.Score;
import dev.pare.result.ScoreColumns;
import dev.pare.result.Selection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is told of one file on the frontier.
 *
 * @param point the values that tell its candidate from the others, by dimension
 * @param key content address of the file
 * @param file its path within the results
 * @param summary its bytes, weights and operations
 * @param test null while the sweep runs: test examples are read at its end
 * @param runs of the same settings; null unless there are several
 * @param selection what choosing it adds to its error; null where that is not known
 */
public record FrontierRow(
    Map<String, String> point,
    StageKey key,
    String file,
    FileSummary summary,
    Score validation,
    @Nullable Score test,
    @Nullable Runs runs,
    @Nullable Selection selection)
    implements Tradeoff {
  /** All but the point, in the order of tables. */
  static final List<Column<FrontierRow>> COLUMNS = columns();

  public FrontierRow {
    point = Collections.unmodifiableMap(new TreeMap<>(point));
    requireNonNull(key, "key is null");
    requireNonNull(file, "file is null");
    requireNonNull(summary, "summary is null");
    requireNonNull(validation, "validation is null");
  }

  /** A row of a file of which it is not known what it was chosen among. */
  public FrontierRow(
      Map<String, String> point,
      StageKey key,
      String file,
      FileSummary summary,
      Score validation,
      @Nullable Score test,
      @Nullable Runs runs) {
    this(point, key, file, summary, validation, test, runs, null);
  }

  /**
   * A row of what was measured once.
   *
   * @param test what the decoded file does on the test examples
   * @param file the file's path within the results
   */
  public static FrontierRow of(FrontierPoint point, Evaluation test, String file) {
    return new FrontierRow(
        point.candidate().point(),
        point.key(),
        file,
        point.outcome().measurement().file(),
        Score.of(point.outcome().measurement().evaluation()),
        Score.of(test),
        null);
  }

  /** The same of settings that ran several times. */
  public FrontierRow with(@Nullable Runs runs) {
    return new FrontierRow(point, key, file, summary, validation, test, runs, selection);
  }

  /** The same with what choosing it adds to its error. */
  public FrontierRow with(@Nullable Selection selection) {
    return new FrontierRow(point, key, file, summary, validation, test, runs, selection);
  }

  /** The best of a frontier's rows, of which there is one. */
  public static FrontierRow best(List<FrontierRow> rows) {
    return ParetoFrontier.<FrontierRow>of(rows).bestWithin(Long.MAX_VALUE).orElseThrow();
  }

  private static List<Column<FrontierRow>> columns() {
    List<Column<FrontierRow>> columns = new ArrayList<>();
    FileColumns.ALL.forEach(column -> columns.add(column.of(FrontierRow::summary)));
    ScoreColumns.of("validation_").forEach(c -> columns.add(c.of(FrontierRow::validation)));
    ScoreColumns.of("test_").forEach(column -> columns.add(column.of(FrontierRow::test)));
    Selection.COLUMNS.forEach(column -> columns.add(column.of(FrontierRow::selection)));
    Runs.COLUMNS.forEach(column -> columns.add(column.of(FrontierRow::runs)));
    columns.add(
        Column.text(
            "metric", "what files are judged by", row -> row.validation().metric().toString()));
    columns.add(Column.text("key", "content address of the file", row -> row.key().hex()));
    columns.add(Column.text("file", "its path within the results", FrontierRow::file));
    return List.copyOf(columns);
  }

  /** The columns of a table of frontiers. */
  public static List<Column<FrontierRow>> table() {
    List<Column<FrontierRow>> columns = new ArrayList<>();
    columns.add(
        new Column<>(
            "point",
            Column.Type.TEXT_BY_NAME,
            "",
            "the values that tell the file's candidate from the others, by dimension",
            FrontierRow::point));
    columns.addAll(COLUMNS);
    return List.copyOf(columns);
  }

  @Override
  public long bytes() {
    return summary.bytes();
  }

  @Override
  public double quality() {
    return validation.estimate().quality();
  }
}
