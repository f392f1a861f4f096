package dev.pare.zeppelin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pare.LocalSpark;
import dev.pare.SmallSweep;
import dev.pare.Sweep;
import dev.pare.folder.SweepFolder;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every note in a real Zeppelin server; needs what {@code mvn verify} builds before. */
@Timeout(300)
class ZeppelinIT {
  private static final Path NOTEBOOKS = SmallSweep.ROOT.resolve("notebooks");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private static Path folder;

  private static String before;
  private static String after;
  private static ZeppelinServer server;

  @BeforeAll
  static void start() throws Exception {
    before = "file://" + folder.resolve("before");
    after = "file://" + folder.resolve("after");
    try (SparkSession spark = LocalSpark.open(2)) {
      String distilled = "space={ sparsity = [0.5, 0.9], bits = [4], alpha = [0, 0.7] }";
      String idle = "student={ epochs = 0, quantize.epochs = 0 }";
      // What learns nothing has no use for a teacher: two candidates against four.
      Sweep.run(spark, SmallSweep.spec(folder.resolve("before"), distilled, idle));
      Sweep.run(spark, SmallSweep.spec(folder.resolve("after"), distilled));
      Sweep.run(spark, SmallSweep.spec(folder.resolve("after"), "space.sparsity=[0.5, 0.9]"));
      Sweep.run(spark, SmallSweep.spec(folder.resolve("after"), distilled));
    }
    server = new ZeppelinServer(Files.createDirectory(folder.resolve("zeppelin")));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A table's rows, by the names of its columns. */
  private static List<Map<String, String>> table(JsonNode paragraph) {
    JsonNode message = paragraph.at("/results/msg/0");
    assertThat(message.get("type").asText()).isEqualTo("TABLE");
    List<String> lines = message.get("data").asText().lines().toList();
    String[] columns = lines.get(0).split("\t", -1);
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t", -1);
      assertThat(cells).hasSameSizeAs(columns);
      Map<String, String> row = new TreeMap<>();
      for (int i = 0; i < cells.length; i++) {
        row.put(columns[i], cells[i]);
      }
      rows.add(row);
    }
    return rows;
  }

  /** Runs a note with these values in its forms; its paragraphs by title. */
  private static Map<String, JsonNode> run(String name, Map<String, String> forms)
      throws Exception {
    JsonNode note = MAPPER.readTree(NOTEBOOKS.resolve(name + ".zpln").toFile());
    for (JsonNode paragraph : note.get("paragraphs")) {
      ObjectNode parameters = (ObjectNode) paragraph.at("/settings/params");
      forms.forEach(parameters::put);
    }
    Map<String, JsonNode> titled = new TreeMap<>();
    JsonNode paragraphs = server.run(note);
    assertThat(paragraphs).hasSameSizeAs(note.get("paragraphs"));
    for (JsonNode paragraph : paragraphs) {
      assertThat(paragraph.get("status").asText())
          .as(paragraph.toPrettyString())
          .isEqualTo("FINISHED");
      assertThat(paragraph.at("/results/code").asText())
          .as(paragraph.toPrettyString())
          .isEqualTo("SUCCESS");
      titled.put(paragraph.path("title").asText(), paragraph);
    }
    return titled;
  }

  private static String text(JsonNode paragraph) {
    return paragraph.at("/results/msg/0/data").asText();
  }

  @Test
  void everyNoteIsTried() throws Exception {
    try (Stream<Path> files = Files.list(NOTEBOOKS)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "README.md", "quickstart.zpln", "explore-ledger.zpln", "compare-sweeps.zpln");
    }
  }

  @Test
  void theQuickstartSweepsAndShowsTheFrontier() throws Exception {
    Path results = folder.resolve("quickstart");
    Map<String, JsonNode> paragraphs =
        run(
            "quickstart",
            Map.of(
                "configuration",
                SmallSweep.conf(results).toString(),
                "results",
                "file://" + results));

    FrontierReport report =
        FrontierFiles.read(
            new SweepFolder(new org.apache.hadoop.fs.Path(results.toUri()), new Configuration()));
    assertThat(text(paragraphs.get("Run it")))
        .contains("6 candidates, " + report.rows().size() + " of them on the frontier");
    assertThat(table(paragraphs.get("The frontier")))
        .hasSameSizeAs(report.rows())
        .extracting(row -> row.get("bytes"), row -> row.get("file"))
        .containsExactlyElementsOf(
            report.rows().stream()
                .map(row -> org.assertj.core.groups.Tuple.tuple("" + row.bytes(), row.file()))
                .toList());
    assertThat(table(paragraphs.get("Every candidate")))
        .hasSize(6)
        .allSatisfy(
            row -> {
              assertThat(row.get("sparsity")).isIn("0.8", "0.9", "0.95");
              assertThat(row.get("bits")).isIn("2", "4");
              assertThat(Double.parseDouble(row.get("validation error %"))).isBetween(1.0, 99.0);
            });
    assertThat(
            table(paragraphs.get("Where the smallest file's bytes went")).stream()
                .mapToLong(row -> Long.parseLong(row.get("bytes")))
                .sum())
        .isEqualTo(report.rows().get(0).bytes());
  }

  @Test
  void aLedgerIsExplored() throws Exception {
    Map<String, JsonNode> paragraphs = run("explore-ledger", Map.of("results", after));

    assertThat(text(paragraphs.get("Which ledger"))).contains("point: map", "validation_bits");
    assertThat(table(paragraphs.get("At a glance")))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row).containsEntry("candidates", "4").containsEntry("failed", "0");
              assertThat(Long.parseLong(row.get("smallest bytes"))).isPositive();
            });
    assertThat(table(paragraphs.get("What sparsity costs")))
        .extracting(row -> row.get("sparsity"))
        .containsExactly("0.5", "0.9");
    assertThat(table(paragraphs.get("What each setting does, the others averaged over")))
        .extracting(
            row -> row.get("dimension") + "=" + row.get("value") + " " + row.get("candidates"))
        .containsExactly(
            "alpha=0 2", "alpha=0.7 2", "bits=4 4", "sparsity=0.5 2", "sparsity=0.9 2");
    assertThat(table(paragraphs.get("What distillation bought")))
        .hasSize(2)
        .allSatisfy(
            row ->
                assertThat(Double.parseDouble(row.get("points bought")))
                    .isCloseTo(
                        Double.parseDouble(row.get("error from labels %"))
                            - Double.parseDouble(row.get("error distilled %")),
                        org.assertj.core.api.Assertions.within(0.011)))
        .extracting(row -> row.get("other settings"))
        .containsExactly("bits=4 sparsity=0.5", "bits=4 sparsity=0.9");
    assertThat(table(paragraphs.get("Where bytes go, by sparsity and bits"))).hasSize(2);
    assertThat(table(paragraphs.get("Where time went")))
        .extracting(row -> row.get("stage"))
        .contains("encode", "prune", "quantize");
    assertThat(table(paragraphs.get("Failures"))).isEmpty();
  }

  @Test
  void twoSweepsAreCompared() throws Exception {
    Map<String, JsonNode> paragraphs =
        run("compare-sweeps", Map.of("before", before, "after", after));

    assertThat(table(paragraphs.get("Both frontiers")))
        .extracting(row -> row.get("sweep"))
        .contains("before", "after");
    assertThat(table(paragraphs.get("What was gained or lost, budget by budget")))
        .extracting(row -> row.get("verdict"))
        .contains("better");
    assertThat(table(paragraphs.get("Candidates of both ledgers")))
        .hasSize(2)
        .anySatisfy(row -> assertThat(row.get("error points more")).startsWith("-"));
    assertThat(table(paragraphs.get("The frontier over time")))
        .hasSize(3)
        .extracting(row -> row.get("run"))
        .isSorted();
  }
}
