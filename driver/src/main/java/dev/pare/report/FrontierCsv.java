package dev.pare.report;

import dev.pare.result.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The frontier as CSV (RFC 4180, with line feeds alone): a header, then a line a file, with a
 * column a dimension before those of {@link FrontierRow}.
 */
final class FrontierCsv {
  private FrontierCsv() {}

  static String of(FrontierReport report) {
    List<String> dimensions = report.dimensions();
    StringBuilder csv = new StringBuilder();
    line(csv, Stream.concat(dimensions.stream(), FrontierRow.COLUMNS.stream().map(Column::name)));
    for (FrontierRow row : report.rows()) {
      List<String> fields = new ArrayList<>();
      dimensions.forEach(dimension -> fields.add(row.point().getOrDefault(dimension, "")));
      FrontierRow.COLUMNS.forEach(column -> fields.add(text(column, column.value().apply(row))));
      line(csv, fields.stream());
    }
    return csv.toString();
  }

  private static String text(Column<?> column, @Nullable Object value) {
    if (value == null) {
      return "";
    }
    return switch (column.unit()) {
      case "share" -> Decimals.share((double) value).toString();
      case "times" -> Decimals.ratio((double) value).toString();
      default -> value.toString();
    };
  }

  private static void line(StringBuilder csv, Stream<String> fields) {
    csv.append(fields.map(FrontierCsv::quoted).collect(Collectors.joining(","))).append('\n');
  }

  private static String quoted(String field) {
    boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
