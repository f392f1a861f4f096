package dev.pare.report;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pare.candidate.Confusion;
import dev.pare.candidate.Metric;
import dev.pare.candidate.StageKey;
import dev.pare.folder.SweepFolder;
import dev.pare.result.Column;
import dev.pare.result.FileColumns;
import dev.pare.result.Runs;
import dev.pare.result.Score;
import dev.pare.result.ScoreColumns;
import dev.pare.result.Selection;
import dev.pare.result.Values;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The frontier as JSON, under the names of tables' columns. What follows from other fields is
 * written for readers, and not read.
 */
final class FrontierJson {
  /** Of the names; files without a version are of the first. */
  private static final int VERSION = 2;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private FrontierJson() {}

  static String of(FrontierReport report) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("version", VERSION);
    root.put("name", report.name());
    root.put("metric", report.metric().toString());
    FrontierReport.Teacher teacher = report.teacher();
    ObjectNode teacherNode = root.putObject("teacher");
    teacherNode.put("parameters", teacher.parameters());
    teacherNode.put("bytes", teacher.bytes());
    putAll(teacherNode, ScoreColumns.of("validation_"), teacher.validation());
    putAll(teacherNode, ScoreColumns.of("test_"), requireNonNull(teacher.test()));
    if (teacher.guess() != null) {
      teacherNode.put("guess", teacher.guess());
    }
    if (teacher.comparison() != null) {
      teacherNode.put("comparison", teacher.comparison());
    }
    if (teacher.sha256() != null) {
      teacherNode.put("sha256", teacher.sha256());
    }
    if (teacher.testSha256() != null) {
      teacherNode.put("test_sha256", teacher.testSha256());
    }
    Confusion confusion = teacher.confusion();
    if (confusion != null) {
      ObjectNode node = teacherNode.putObject("confusion");
      node.put("classes", confusion.classes());
      node.put(
          "cells",
          confusion.cells().stream().map(String::valueOf).collect(Collectors.joining(" ")));
    }
    ArrayNode frontier = root.putArray("frontier");
    for (FrontierRow row : report.rows()) {
      ObjectNode node = frontier.addObject();
      ObjectNode point = node.putObject("point");
      row.point().forEach(point::put);
      putAll(node, FrontierRow.COLUMNS, row);
    }
    try {
      DefaultPrettyPrinter lines =
          new DefaultPrettyPrinter()
              .withObjectIndenter(new DefaultIndenter("  ", "\n"))
              .withArrayIndenter(new DefaultIndenter("  ", "\n"));
      return MAPPER.writer(lines).writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values", e);
    }
  }

  private static <T> void putAll(ObjectNode node, List<Column<T>> columns, T row) {
    columns.forEach(column -> node.putPOJO(column.name(), column.value().apply(row)));
  }

  /**
   * The report that {@link #of} has written, or that an earlier version has.
   *
   * @throws IOException if it is not one, naming what is missing or wrong
   */
  static FrontierReport read(String json) throws IOException {
    try {
      JsonNode root = MAPPER.readTree(json);
      return report(root);
    } catch (JsonProcessingException e) {
      throw new IOException("is not JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IOException("is not a frontier: " + e.getMessage(), e);
    }
  }

  private static FrontierReport report(JsonNode root) {
    boolean first = !root.has("version");
    if (!first && root.get("version").asInt() != VERSION) {
      throw new IllegalArgumentException(
          "version " + root.get("version") + ", this Pare reads 1 and " + VERSION);
    }
    JsonNode teacher = field(root, "teacher");
    Values values = first ? EarlierFrontierJson.values(teacher) : values(teacher);
    Metric metric = metric(first ? EarlierFrontierJson.metric(teacher) : text(root, "metric"));
    List<FrontierRow> rows = new ArrayList<>();
    for (JsonNode row : field(root, "frontier")) {
      rows.add(row(row, first ? EarlierFrontierJson.values(row) : values(row), metric));
    }
    Confusion confusion = teacher.has("confusion") ? confusion(field(teacher, "confusion")) : null;
    return new FrontierReport(
        text(root, "name"),
        new FrontierReport.Teacher(
            values.whole("parameters"),
            ScoreColumns.read(values, "validation_", metric),
            ScoreColumns.read(values, "test_", metric),
            teacher.has("guess") ? Double.valueOf(values.real("guess")) : guess(metric, confusion),
            confusion,
            values.textOrNull("comparison"),
            values.textOrNull("sha256"),
            values.textOrNull("test_sha256")),
        rows);
  }

  /** Earlier versions did not write what follows from the number of classes. */
  private static @Nullable Double guess(Metric metric, @Nullable Confusion confusion) {
    return confusion != null && metric.equals(Metric.ERROR) ? 1 - 1.0 / confusion.classes() : null;
  }

  private static Metric metric(String spelled) {
    return Metric.of(spelled)
        .orElseThrow(() -> new IllegalArgumentException("metric = " + spelled));
  }

  private static FrontierRow row(JsonNode node, Values values, Metric metric) {
    Map<String, String> point = new TreeMap<>();
    field(node, "point")
        .fields()
        .forEachRemaining(e -> point.put(e.getKey(), e.getValue().asText()));
    Score validation = ScoreColumns.read(values, "validation_", metric);
    Score test = ScoreColumns.read(values, "test_", metric);
    return new FrontierRow(
        point,
        new StageKey(text(node, "key")),
        file(text(node, "file")),
        FileColumns.read(values),
        validation,
        test,
        Runs.read(values, metric, validation.total()),
        Selection.read(values));
  }

  /** A name is read, printed for scripts and put into paths: one may lead out of the results. */
  private static String file(String name) {
    if (!SweepFolder.isBest(name)) {
      throw new IllegalArgumentException(
          "file = " + name + ": is no name of a file of " + SweepFolder.BEST);
    }
    return name;
  }

  private static Confusion confusion(JsonNode node) {
    List<Integer> cells = new ArrayList<>();
    for (String number : text(node, "cells").split(" ")) {
      cells.add(Integer.valueOf(number));
    }
    return new Confusion(Math.toIntExact(values(node).whole("classes")), cells);
  }

  private static Values values(JsonNode node) {
    return name -> value(node.get(name));
  }

  /** A number or a text; null where there is neither. */
  static @Nullable Object value(@Nullable JsonNode node) {
    if (node == null || node.isNull() || node.isMissingNode()) {
      return null;
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    return node.isNumber() ? (Object) node.doubleValue() : node.asText();
  }

  private static String text(JsonNode node, String name) {
    return field(node, name).asText();
  }

  private static JsonNode field(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      throw new IllegalArgumentException("it lacks " + name);
    }
    return value;
  }
}
