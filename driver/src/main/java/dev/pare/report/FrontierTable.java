package dev.pare.report;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Metric;
import dev.pare.frontier.ParetoFrontier;
import dev.pare.report.TextTable.Column;
import dev.pare.result.Score;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The frontier as a table, the teacher in the last row. */
public final class FrontierTable {
  /** What a reader of validation errors has to know. */
  public static final String NOTE =
      "Files were chosen by how good they are on the validation examples, which is therefore too good"
          + " on average; after choice it is by the bootstrap what it would be without that. Nothing was chosen by test"
          + " examples.";

  /** Errors that are told where they are known. */
  private static final List<Share> SHARES =
      List.of(
          new Share(
              "after choice %", row -> row.selection() == null ? null : row.selection().error()),
          new Share(
              "robust error %",
              row ->
                  row.summary().robustness() == null ? null : row.summary().robustness().error()));

  private FrontierTable() {}

  private record Share(String title, Function<FrontierRow, @Nullable Double> of) {}

  /**
   * A row a file, then the teacher's; shares are in percent. Where files may hold an origin, a
   * column has their sizes without it; where files are there for their multiply-adds, others have
   * these.
   */
  public static TextTable of(FrontierReport report) {
    List<String> dimensions = report.dimensions();
    List<Column> columns = new ArrayList<>();
    columns.add(Column.right("#"));
    dimensions.forEach(dimension -> columns.add(Column.right(dimension)));
    boolean origins =
        report.rows().stream().anyMatch(row -> row.summary().byOrigin().with() != null);
    columns.add(Column.right("size"));
    if (origins) {
      columns.add(Column.right("without origin"));
    }
    for (String title :
        List.of(
            "ratio",
            "nonzero",
            Score.title("validation", report.metric()),
            Score.title("test", report.metric()))) {
      columns.add(Column.right(title));
    }
    List<Share> shares =
        SHARES.stream()
            .filter(each -> report.rows().stream().anyMatch(row -> each.of().apply(row) != null))
            .toList();
    shares.forEach(each -> columns.add(Column.right(each.title())));
    boolean counted =
        ParetoFrontier.<FrontierRow>of(report.rows()).points().size() < report.rows().size();
    if (counted) {
      columns.add(Column.right("multiply-adds"));
      columns.add(Column.right("effective"));
    }
    boolean repeated = report.rows().stream().anyMatch(row -> row.runs() != null);
    if (repeated) {
      columns.add(Column.right("mean of runs"));
    }
    TextTable table = new TextTable(columns);
    for (int i = 0; i < report.rows().size(); i++) {
      FrontierRow row = report.rows().get(i);
      List<String> line =
          line(
              String.valueOf(i + 1),
              dimensions.stream()
                  .map(dimension -> row.point().getOrDefault(dimension, ""))
                  .toList(),
              sizes(ByteSize.format(row.bytes()), origins, withoutOrigin(row)),
              String.format(Locale.ROOT, "%.1f×", row.summary().ratio()),
              String.valueOf(row.summary().nonzeroWeights()),
              row.validation().estimate().text(),
              requireNonNull(row.test()).estimate().text());
      for (Share each : shares) {
        @Nullable Double share = each.of().apply(row);
        line.add(share == null ? "" : Metric.ERROR.text(share));
      }
      if (counted) {
        line.add(String.valueOf(row.summary().operations().multiplyAdds()));
        line.add(String.valueOf(row.summary().operations().effectiveMultiplyAdds()));
      }
      if (repeated) {
        line.add(row.runs() == null ? "" : row.runs().text());
      }
      table.add(line);
    }
    FrontierReport.Teacher teacher = report.teacher();
    List<String> last =
        line(
            "teacher",
            Collections.nCopies(dimensions.size(), ""),
            sizes(ByteSize.format(teacher.bytes()), origins, ""),
            "1.0×",
            "",
            teacher.validation().estimate().text(),
            requireNonNull(teacher.test()).estimate().text());
    last.addAll(Collections.nCopies(columns.size() - last.size(), ""));
    table.add(last);
    return table;
  }

  private static String withoutOrigin(FrontierRow row) {
    Long bytes = row.summary().byOrigin().without();
    return bytes == null ? "" : ByteSize.format(bytes);
  }

  private static List<String> sizes(String size, boolean origins, String withoutOrigin) {
    return origins ? List.of(size, withoutOrigin) : List.of(size);
  }

  private static List<String> line(
      String first, List<String> values, List<String> sizes, String... others) {
    List<String> line = new ArrayList<>();
    line.add(first);
    line.addAll(values);
    line.addAll(sizes);
    line.addAll(List.of(others));
    return line;
  }
}
