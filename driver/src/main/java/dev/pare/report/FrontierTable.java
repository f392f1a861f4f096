package dev.pare.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The frontier as aligned columns for a terminal, the teacher in the last row. */
public final class FrontierTable {
  private static final String GAP = "  ";

  private FrontierTable() {}

  /** Prints a header, a row a file and the teacher's row; errors are in percent of the examples. */
  public static void print(FrontierReport report, PrintWriter out) {
    List<String> dimensions = report.dimensions();
    List<List<String>> lines = new ArrayList<>();
    lines.add(
        line("#", dimensions, "size", "ratio", "nonzero", "validation error %", "test error %"));
    for (int i = 0; i < report.rows().size(); i++) {
      FrontierRow row = report.rows().get(i);
      lines.add(
          line(
              String.valueOf(i + 1),
              dimensions.stream()
                  .map(dimension -> row.point().getOrDefault(dimension, ""))
                  .toList(),
              ByteSize.format(row.bytes()),
              String.format(Locale.ROOT, "%.1f×", row.ratio()),
              String.valueOf(row.nonzeroWeights()),
              error(row.validation()),
              error(row.test())));
    }
    FrontierReport.Teacher teacher = report.teacher();
    lines.add(
        line(
            "teacher",
            Collections.nCopies(dimensions.size(), ""),
            ByteSize.format(teacher.bytes()),
            "1.0×",
            "",
            error(teacher.validation()),
            error(teacher.test())));
    print(lines, out);
  }

  private static List<String> line(String first, List<String> values, String... others) {
    List<String> line = new ArrayList<>();
    line.add(first);
    line.addAll(values);
    line.addAll(List.of(others));
    return line;
  }

  private static String error(Score score) {
    return String.format(
        Locale.ROOT,
        "%.2f ± %.2f",
        100.0 * (score.total() - score.correct()) / score.total(),
        100 * score.interval().margin());
  }

  private static void print(List<List<String>> lines, PrintWriter out) {
    int[] widths = new int[lines.get(0).size()];
    for (List<String> line : lines) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], line.get(column).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = line.get(column);
        text.append(column == 0 ? "" : GAP).append(" ".repeat(widths[column] - cell.length()));
        text.append(cell);
      }
      out.println(text);
    }
    out.flush();
  }
}
