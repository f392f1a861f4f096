package dev.pare.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pare.candidate.Confusion;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.SizeBreakdown;
import dev.pare.candidate.StageKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The frontier as JSON. What follows from other fields is written for readers, and not read. */
final class FrontierJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private FrontierJson() {}

  static String of(FrontierReport report) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("name", report.name());
    ObjectNode teacher = root.putObject("teacher");
    teacher.put("parameters", report.teacher().parameters());
    teacher.put("bytes", report.teacher().bytes());
    write(teacher.putObject("validation"), report.teacher().validation());
    write(teacher.putObject("test"), report.teacher().test());
    if (report.teacher().guess() != null) {
      teacher.put("guess", report.teacher().guess());
    }
    Confusion confusion = report.teacher().confusion();
    if (confusion != null) {
      ObjectNode node = teacher.putObject("confusion");
      node.put("classes", confusion.classes());
      node.put(
          "cells",
          confusion.cells().stream().map(String::valueOf).collect(Collectors.joining(" ")));
    }
    ArrayNode frontier = root.putArray("frontier");
    report.rows().forEach(row -> write(frontier.addObject(), row));
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

  private static void write(ObjectNode node, FrontierRow row) {
    ObjectNode point = node.putObject("point");
    row.point().forEach(point::put);
    node.put("file", row.file());
    node.put("key", row.key().hex());
    if (row.sha256() != null) {
      node.put("sha256", row.sha256());
    }
    node.put("bytes", row.bytes());
    node.put("ratio", Decimals.ratio(row.ratio()));
    ObjectNode size = node.putObject("size");
    size.put("header-bytes", row.size().headerBytes());
    size.put("index-bytes", row.size().indexBytes());
    size.put("value-bytes", row.size().valueBytes());
    size.put("codebook-bytes", row.size().codebookBytes());
    size.put("bias-bytes", row.size().biasBytes());
    node.put("bytes-with-origin", row.byOrigin().with());
    node.put("bytes-without-origin", row.byOrigin().without());
    node.put("parameters", row.parameters());
    node.put("nonzero-weights", row.nonzeroWeights());
    write(node.putObject("operations"), row.operations());
    write(node.putObject("validation"), row.validation());
    write(node.putObject("test"), row.test());
  }

  private static void write(ObjectNode node, Operations operations) {
    node.put("activation-density", operations.activationDensity());
    node.put("original-multiply-adds", operations.originalMultiplyAdds());
    node.put("multiply-adds", operations.multiplyAdds());
    node.put("effective-multiply-adds", operations.effectiveMultiplyAdds());
  }

  private static void write(ObjectNode node, Score score) {
    Estimate estimate = score.estimate();
    if (!score.metric().equals(Metric.ERROR)) {
      node.put("metric", score.metric().toString());
      node.put("value", estimate.value());
      node.put("correct", score.correct());
      node.put("total", score.total());
      node.put("low", estimate.low());
      node.put("high", estimate.high());
      return;
    }
    node.put("correct", score.correct());
    node.put("total", score.total());
    node.put("low", Decimals.share(score.interval().low()));
    node.put("high", Decimals.share(score.interval().high()));
  }

  /**
   * The report that {@link #of} has written.
   *
   * @throws IOException if it is not one, naming what is missing or wrong
   */
  static FrontierReport read(String json) throws IOException {
    try {
      JsonNode root = MAPPER.readTree(json);
      JsonNode teacher = field(root, "teacher");
      List<FrontierRow> rows = new ArrayList<>();
      for (JsonNode row : field(root, "frontier")) {
        rows.add(row(row));
      }
      return new FrontierReport(
          field(root, "name").asText(),
          new FrontierReport.Teacher(
              whole(teacher, "parameters"),
              score(field(teacher, "validation")),
              score(field(teacher, "test")),
              teacher.has("guess") ? Double.valueOf(real(teacher, "guess")) : null,
              teacher.has("confusion") ? confusion(field(teacher, "confusion")) : null),
          rows);
    } catch (JsonProcessingException e) {
      throw new IOException("is not JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IOException("is not a frontier: " + e.getMessage(), e);
    }
  }

  private static FrontierRow row(JsonNode node) throws IOException {
    Map<String, String> point = new TreeMap<>();
    field(node, "point")
        .fields()
        .forEachRemaining(e -> point.put(e.getKey(), e.getValue().asText()));
    JsonNode size = field(node, "size");
    return new FrontierRow(
        point,
        new StageKey(field(node, "key").asText()),
        field(node, "file").asText(),
        node.hasNonNull("sha256") ? field(node, "sha256").asText() : null,
        new SizeBreakdown(
            whole(size, "header-bytes"),
            whole(size, "index-bytes"),
            whole(size, "value-bytes"),
            whole(size, "codebook-bytes"),
            whole(size, "bias-bytes")),
        new OriginBytes(
            wholeOrNull(node, "bytes-with-origin"), wholeOrNull(node, "bytes-without-origin")),
        whole(node, "parameters"),
        whole(node, "nonzero-weights"),
        // Which the oldest ones lack.
        node.has("operations") ? operations(field(node, "operations")) : Operations.UNKNOWN,
        score(field(node, "validation")),
        score(field(node, "test")));
  }

  private static Operations operations(JsonNode node) throws IOException {
    return new Operations(
        real(node, "activation-density"),
        whole(node, "original-multiply-adds"),
        whole(node, "multiply-adds"),
        whole(node, "effective-multiply-adds"));
  }

  private static Score score(JsonNode node) throws IOException {
    if (node.has("metric")) {
      String spelled = field(node, "metric").asText();
      Metric metric =
          Metric.of(spelled)
              .orElseThrow(() -> new IOException("is not a frontier: metric = " + spelled));
      Long correct = wholeOrNull(node, "correct");
      return new Score(
          new Estimate(
              metric,
              Math.toIntExact(whole(node, "total")),
              real(node, "value"),
              real(node, "low"),
              real(node, "high")),
          correct == null ? null : Integer.valueOf(Math.toIntExact(correct)));
    }
    return new Score(
        Math.toIntExact(whole(node, "correct")), Math.toIntExact(whole(node, "total")));
  }

  private static Confusion confusion(JsonNode node) throws IOException {
    List<Integer> cells = new ArrayList<>();
    for (String number : field(node, "cells").asText().split(" ")) {
      cells.add(Integer.valueOf(number));
    }
    return new Confusion(Math.toIntExact(whole(node, "classes")), cells);
  }

  private static double real(JsonNode node, String name) throws IOException {
    JsonNode value = field(node, name);
    if (!value.isNumber()) {
      throw new IOException("is not a frontier: " + name + " = " + value + " is no number");
    }
    return value.doubleValue();
  }

  private static long whole(JsonNode node, String name) throws IOException {
    JsonNode value = field(node, name);
    if (!value.canConvertToLong() || !value.isIntegralNumber()) {
      throw new IOException("is not a frontier: " + name + " = " + value + " is no whole number");
    }
    return value.longValue();
  }

  /** A number that may be unknown. */
  private static @Nullable Long wholeOrNull(JsonNode node, String name) throws IOException {
    return node.hasNonNull(name) ? Long.valueOf(whole(node, name)) : null;
  }

  private static JsonNode field(JsonNode node, String name) throws IOException {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      throw new IOException("is not a frontier: it lacks " + name);
    }
    return value;
  }
}
