package dev.pare.report;

import dev.pare.candidate.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The frontier as CSV (RFC 4180, with line feeds alone): a header, then a line a file. */
final class FrontierCsv {
  private static final List<String> COLUMNS =
      List.of(
          "bytes",
          "ratio",
          "parameters",
          "nonzero-weights",
          "activation-density",
          "multiply-adds",
          "effective-multiply-adds",
          "validation-correct",
          "validation-total",
          "validation-low",
          "validation-high",
          "test-correct",
          "test-total",
          "test-low",
          "test-high",
          "header-bytes",
          "index-bytes",
          "value-bytes",
          "codebook-bytes",
          "bias-bytes",
          "bytes-with-origin",
          "bytes-without-origin",
          "key",
          "file");

  private FrontierCsv() {}

  static String of(FrontierReport report) {
    List<String> dimensions = report.dimensions();
    StringBuilder csv = new StringBuilder();
    boolean byError = report.metric().equals(Metric.ERROR);
    List<String> columns = new ArrayList<>(COLUMNS);
    if (!byError) {
      columns.addAll(columns.indexOf("header-bytes"), scores(report.metric()));
    }
    line(csv, Stream.concat(dimensions.stream(), columns.stream()));
    for (FrontierRow row : report.rows()) {
      line(
          csv,
          Stream.concat(
              dimensions.stream().map(dimension -> row.point().getOrDefault(dimension, "")),
              values(row, byError).stream().map(Object::toString)));
    }
    return csv.toString();
  }

  /** Of files that are judged by something else than their error. */
  private static List<String> scores(Metric metric) {
    return Stream.of("validation-", "test-")
        .flatMap(part -> Stream.of("", "-low", "-high").map(end -> part + metric + end))
        .toList();
  }

  private static List<Object> values(FrontierRow row, boolean byError) {
    List<Object> values = new ArrayList<>();
    values.add(row.bytes());
    values.add(Decimals.ratio(row.ratio()));
    values.add(row.parameters());
    values.add(row.nonzeroWeights());
    values.add(Decimals.share(row.operations().activationDensity()));
    values.add(row.operations().multiplyAdds());
    values.add(row.operations().effectiveMultiplyAdds());
    for (Score score : List.of(row.validation(), row.test())) {
      boolean classified = score.correct() != null;
      values.add(classified ? score.correct() : "");
      values.add(score.total());
      values.add(classified ? Decimals.share(score.interval().low()) : "");
      values.add(classified ? Decimals.share(score.interval().high()) : "");
    }
    for (Score score : byError ? List.<Score>of() : List.of(row.validation(), row.test())) {
      values.add(score.estimate().value());
      values.add(score.estimate().low());
      values.add(score.estimate().high());
    }
    values.add(row.size().headerBytes());
    values.add(row.size().indexBytes());
    values.add(row.size().valueBytes());
    values.add(row.size().codebookBytes());
    values.add(row.size().biasBytes());
    values.add(row.byOrigin().with() == null ? "" : row.byOrigin().with());
    values.add(row.byOrigin().without() == null ? "" : row.byOrigin().without());
    values.add(row.key().hex());
    values.add(row.file());
    return values;
  }

  private static void line(StringBuilder csv, Stream<String> fields) {
    csv.append(fields.map(FrontierCsv::quoted).collect(Collectors.joining(","))).append('\n');
  }

  private static String quoted(String field) {
    boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
