package dev.pare.report.page;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pare.candidate.Confusion;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.LayerSize;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.StageKey;
import dev.pare.evaluate.Latency;
import dev.pare.importance.Importance;
import dev.pare.ledger.LedgerEntry;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.LatencyTable;
import dev.pare.report.Repetitions;
import dev.pare.report.SensitivityTable;
import dev.pare.result.FileColumns;
import dev.pare.result.Runs;
import dev.pare.result.Score;
import dev.pare.result.Selection;
import dev.pare.spec.PublishedResult;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A report's data as the JSON that its script reads. */
final class ReportJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Comparator<LedgerEntry> BY_SIZE =
      Comparator.comparingLong((LedgerEntry entry) -> measurement(entry).size().totalBytes())
          .thenComparing(entry -> entry.outcome().key().hex());

  private final Map<String, FrontierRow> frontier = new HashMap<>();
  private final Map<StageKey, Runs> runs;
  private final Map<String, Integer> settings = new LinkedHashMap<>();
  private final ReportData data;

  private final Map<String, String> cards;

  private ReportJson(ReportData data, Map<String, String> cards) {
    this.data = data;
    this.cards = cards;
    this.runs = Repetitions.of(data.candidates());
    data.frontier().rows().forEach(row -> frontier.put(row.key().hex(), row));
  }

  /**
   * Without a character that means something to HTML: the text may stand in a script element
   * whatever a configuration holds.
   *
   * @param cards paths of files' cards, by the files' paths
   */
  static String of(ReportData data, Map<String, String> cards) {
    try {
      return MAPPER
          .writeValueAsString(new ReportJson(data, cards).root())
          .replace("&", "\\u0026")
          .replace("<", "\\u003c")
          .replace(">", "\\u003e");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values", e);
    }
  }

  private ObjectNode root() {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("name", data.frontier().name());
    root.put("out", data.out());
    root.put("tried", data.candidates().size());
    root.put("search", data.search());
    ReportData.@Nullable AsOf asOf = data.asOf();
    if (asOf != null) {
      root.put("asOf", asOf.time().toString());
      root.put("stopped", asOf.state() == ReportData.State.STOPPED);
    }
    root.put(
        "failed",
        data.candidates().stream()
            .filter(entry -> entry.outcome() instanceof Outcome.Failed)
            .count());
    Metric metric = data.frontier().metric();
    ObjectNode metricNode = root.putObject("metric");
    metricNode.put("name", metric.toString());
    metricNode.put("unit", metric.unit().strip());
    metricNode.put("more", metric.direction() == Metric.Direction.MORE);
    FrontierReport.Teacher teacher = data.frontier().teacher();
    ObjectNode teacherNode = root.putObject("teacher");
    teacherNode.put("parameters", teacher.parameters());
    teacherNode.put("bytes", teacher.bytes());
    write(teacherNode.putObject("validation"), teacher.validation().estimate());
    writeTest(teacherNode, teacher.test());
    write(teacherNode, teacher.confusion());
    @Nullable LatencyTable latencies = data.latency();
    if (latencies != null) {
      root.put("batch", latencies.batch());
      write(teacherNode, latencies.teacher().latency());
    }
    // Names that a page of many candidates would hold ten thousand times.
    ArrayNode columns = root.putArray("columns");
    FileColumns.ALL.forEach(column -> columns.add(column.name()));
    ArrayNode candidates = root.putArray("candidates");
    data.drawn().stream()
        .sorted(BY_SIZE)
        .forEach(entry -> writeMeasured(candidates.addObject(), entry));
    ArrayNode failures = root.putArray("failures");
    data.failed().forEach(entry -> writeFailed(failures.addObject(), entry));
    // Most settings are those of many candidates.
    ArrayNode texts = root.putArray("settings");
    settings.keySet().forEach(texts::add);
    ArrayNode times = root.putArray("stages");
    for (StageTime time : StageTime.of(data.byKey())) {
      ObjectNode node = times.addObject();
      node.put("stage", time.stage());
      node.put("runs", time.runs());
      node.put("seconds", time.seconds());
      node.put("unshared", time.unshared());
    }
    ArrayNode published = root.putArray("published");
    for (PublishedResult result : data.published()) {
      ObjectNode node = published.addObject();
      node.put("name", result.name());
      node.put("bytes", result.bytes());
      node.put("value", result.value());
    }
    @Nullable EarlierRun earlier = data.earlier();
    if (earlier != null) {
      ChangeJson.write(root.putObject("earlier"), earlier);
    }
    ArrayNode growth = root.putArray("growth");
    for (FrontierGrowth.Step step : data.growth()) {
      // Without names: there may be hundreds.
      growth.addArray().add(step.candidates()).add(step.seconds()).add(step.hypervolume());
    }
    ImportanceJson.write(root.putObject("importance"), Importance.of(data.candidates()));
    writeSensitivity(root.putArray("sensitivity"));
    writeProvenance(root.putObject("provenance"));
    root.put("configuration", data.configuration());
    return root;
  }

  private static Measurement measurement(LedgerEntry entry) {
    return ((Outcome.Measured) entry.outcome()).measurement();
  }

  private void writeMeasured(ObjectNode node, LedgerEntry entry) {
    Measurement measurement = measurement(entry);
    writeCandidate(node, entry);
    ArrayNode values = node.putArray("values");
    FileColumns.ALL.forEach(column -> values.addPOJO(column.value().apply(measurement.file())));
    write(node.putObject("validation"), measurement.score());
    write(node, measurement.confusion());
    @Nullable Runs several = runs.get(entry.outcome().key());
    if (several != null) {
      ObjectNode of = node.putObject("runs");
      of.put("count", several.count());
      write(of, several.mean());
    }
    @Nullable FrontierRow row = frontier.get(entry.outcome().key().hex());
    if (row != null) {
      writeTest(node, row.test());
      @Nullable Selection selection = row.selection();
      if (selection != null) {
        ObjectNode chosen = node.putObject("selection");
        chosen.put("among", selection.among());
        chosen.put("error", selection.error());
      }
      node.put("file", row.file());
      @Nullable String card = cards.get(row.file());
      if (card != null) {
        node.put("card", card);
      }
      @Nullable LatencyTable latencies = data.latency();
      if (latencies != null) {
        latencies.of(measurement.sha256()).ifPresent(latency -> write(node, latency));
      }
    }
    ObjectNode seconds = node.putObject("seconds");
    ((Outcome.Measured) entry.outcome()).seconds().forEach(seconds::put);
    ArrayNode layers = node.putArray("layers");
    measurement.layers().forEach(layer -> write(layers.addArray(), layer));
  }

  private void writeFailed(ObjectNode node, LedgerEntry entry) {
    Outcome.Failed failed = (Outcome.Failed) entry.outcome();
    writeCandidate(node, entry);
    node.put("code", failed.failure().code().name());
    node.put("number", failed.failure().code().number());
    node.put("stage", failed.failure().stage().name());
    node.put("message", failed.failure().message());
    node.put("executor", failed.provenance().executor());
  }

  private void writeCandidate(ObjectNode node, LedgerEntry entry) {
    node.put("key", entry.outcome().key().hex());
    ObjectNode point = node.putObject("point");
    entry.point().forEach(point::put);
    ArrayNode stages = node.putArray("settings");
    entry
        .stages()
        .forEach(text -> stages.add(settings.computeIfAbsent(text, t -> settings.size())));
  }

  /** Values without names, which a page of many candidates would hold ten thousand times. */
  private static void write(ArrayNode node, LayerSize layer) {
    node.add(layer.tensor());
    node.add(layer.representation());
    node.add(layer.weights());
    node.add(layer.rows());
    node.add(layer.columns());
    node.add(layer.nonzeros());
    node.add(layer.distinctValues());
    node.add(layer.bytes());
  }

  /** An object a way of pruning, within it one a layer. */
  private void writeSensitivity(ArrayNode scans) {
    Map<List<String>, Map<String, List<SensitivityTable.Row>>> rows =
        data.sensitivity().stream()
            .collect(
                groupingBy(
                    row -> List.of(row.saliency(), row.granularity()),
                    LinkedHashMap::new,
                    groupingBy(SensitivityTable.Row::layer, LinkedHashMap::new, toList())));
    rows.forEach(
        (way, layers) -> {
          ObjectNode scan = scans.addObject();
          scan.put("saliency", way.get(0));
          scan.put("granularity", way.get(1));
          ArrayNode curves = scan.putArray("layers");
          layers.forEach((layer, points) -> write(curves.addObject(), layer, points));
        });
  }

  private static void write(ObjectNode node, String layer, List<SensitivityTable.Row> points) {
    node.put("tensor", layer);
    ArrayNode sparsities = node.putArray("sparsities");
    ArrayNode accuracies = node.putArray("accuracies");
    ArrayNode losses = node.putArray("losses");
    for (SensitivityTable.Row point : points) {
      sparsities.add(point.sparsity());
      if (Double.isNaN(point.accuracy())) {
        accuracies.addNull();
      } else {
        accuracies.add(point.accuracy());
      }
      losses.add(point.loss());
    }
  }

  private static void write(ObjectNode node, Latency latency) {
    ArrayNode times = node.putArray("latency");
    times.add(latency.low());
    times.add(latency.median());
    times.add(latency.high());
  }

  /** As people read it: shares in percent. */
  static void write(ObjectNode node, Estimate estimate) {
    Metric metric = estimate.metric();
    node.put("value", metric.written(estimate.value()));
    node.put("low", metric.written(estimate.low()));
    node.put("high", metric.written(estimate.high()));
  }

  private static void writeTest(ObjectNode node, @Nullable Score test) {
    if (test != null) {
      write(node.putObject("test"), test.estimate());
    }
  }

  private static void write(ObjectNode node, @Nullable Confusion confusion) {
    if (confusion != null) {
      node.put("classes", confusion.classes());
      ArrayNode cells = node.putArray("confusion");
      confusion.cells().forEach(cells::add);
    }
  }

  private void writeProvenance(ObjectNode node) {
    put(node, "Pare", Provenance::pareVersion);
    put(node, "Java", Provenance::javaVersion);
    put(node, "system", Provenance::system);
    put(node, "matrix library", Provenance::blas);
    put(node, "executors", Provenance::executor);
    String comparison = data.frontier().teacher().comparison();
    if (comparison != null) {
      node.putArray("teacher").add(comparison);
    }
  }

  private void put(ObjectNode node, String name, Function<Provenance, String> part) {
    List<String> values =
        List.copyOf(
            new TreeSet<>(
                data.candidates().stream()
                    .map(entry -> part.apply(entry.outcome().provenance()))
                    .toList()));
    ArrayNode array = node.putArray(name);
    values.forEach(array::add);
  }
}
