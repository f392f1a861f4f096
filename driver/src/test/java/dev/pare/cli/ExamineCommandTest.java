package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.LocalSpark;
import dev.pare.SmallSweep;
import dev.pare.Sweep;
import dev.pare.report.FrontierRow;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files beside their teacher. */
class ExamineCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;

  private static List<FrontierRow> rows = List.of();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void sweep() {
    try (SparkSession spark = LocalSpark.open(2)) {
      SweepSpec spec = SmallSweep.spec(folder.resolve("out"));
      rows = Sweep.run(spark, spec).frontier().rows();
    }
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  private static Path results() {
    return folder.resolve("out");
  }

  private static String conf() {
    return folder.resolve("out.conf").toString();
  }

  private static String file(int index) {
    return results().resolve(rows.get(index).file()).toString();
  }

  private static Path beside(FrontierRow row, String end) {
    return results().resolve(row.file().replaceAll("\\.pare$", end));
  }

  @Test
  void resultsHaveACardBesideEachFileWhichThePageLinks() throws IOException {
    Path own = Files.writeString(results().resolve("best/notes.md"), "mine");
    assertThat(run("examine", results().toString())).as(err.toString()).isZero();
    String page = Files.readString(results().resolve("report.html"));
    for (FrontierRow row : rows) {
      JsonNode card = JSON.readTree(Files.readAllBytes(beside(row, ".json")));
      JsonNode error = card.path("findings").path("error");
      // The sweep itself has tested its frontier.
      assertThat(error.path(1).path("error").asDouble())
          .isCloseTo(1 - row.test().accuracy(), within(1e-12));
      assertThat(card.path("sizes").path("bytes").asLong()).isEqualTo(row.bytes());
      assertThat(card.path("file").path("sha256").asText()).isEqualTo(row.summary().sha256());
      assertThat(Files.readString(beside(row, ".md")))
          .contains("## Error by class")
          .contains("| sha256 | " + row.summary().sha256() + " |");
      assertThat(page).contains("\"card\":\"" + row.file().replaceAll("\\.pare$", ".md") + "\"");
      assertThat(out.toString()).contains(Path.of(row.file()).getFileName().toString());
    }
    assertThat(own).hasContent("mine");
  }

  @Test
  void aFileIsExaminedAsItsResultsAre() throws IOException {
    Path card = folder.resolve("card.md");
    assertThat(run("examine", file(0), "--conf", conf(), "--out", card.toString()))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).contains("Agreement with the teacher").contains("calibration error");
    String first = Files.readString(card);
    assertThat(run("examine", file(0), "--conf", conf(), "--json")).isZero();
    assertThat(out.toString()).isEqualTo(Files.readString(folder.resolve("card.json")));
    assertThat(run("examine", results().toString())).as(err.toString()).isZero();
    // The configuration that results have is called otherwise.
    assertThat(
            Files.readString(beside(rows.get(0), ".md"))
                .replace("| sweep | sweep |", "| sweep | out |"))
        .isEqualTo(first);
  }

  @Test
  void theTeacherItselfLosesNothing() throws IOException {
    String teacher = results().resolve("teacher.pare").toString();
    assertThat(run("examine", teacher, "--conf", conf(), "--json")).as(err.toString()).isZero();
    JsonNode findings = JSON.readTree(out.toString()).path("findings");
    assertThat(findings.path("agreement").path(0).path("agreement").asDouble()).isEqualTo(1);
    assertThat(findings.path("changes").path(0).path("examples").asInt(-1)).isZero();
    assertThat(findings.path("error").path(1).path("p").asDouble()).isEqualTo(1);
  }

  @Test
  void whatCannotBeExaminedIsToldInALine() {
    assertThat(run("examine", file(0))).isEqualTo(2);
    assertThat(err.toString()).contains("a file needs --conf CONF");
    assertThat(run("examine", file(0), "--conf", conf(), "--out", "card.txt")).isEqualTo(2);
    assertThat(err.toString()).contains("--out = card.txt: must end with .md");
    assertThat(run("examine", file(0), "--conf", conf(), "--groups", "900")).isEqualTo(2);
    assertThat(err.toString()).contains("--groups 900: no column of features; there are 1 to 784");
    assertThat(run("examine", file(0), "--conf", conf(), "--set", "teacher.epochs=3")).isEqualTo(2);
    assertThat(err.toString())
        .contains("has no teacher of the configuration; pare sweep trains it");
  }
}
