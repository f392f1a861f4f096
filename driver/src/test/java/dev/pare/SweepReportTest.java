package dev.pare;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pare.artifact.ArtifactReader;
import dev.pare.candidate.Sha256;
import dev.pare.report.ModelFile;
import dev.pare.report.SweepLatency;
import dev.pare.report.page.ReportData;
import dev.pare.report.page.ReportPage;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SweepReportTest {
  private static final String SPACE = "space={ sparsity = [0.5, 0.9], bits = [2] }";
  private static final String MEASURED = "student.prune.scope=sensitivity";

  @TempDir private Path folder;

  private SweepSpec spec(String... overrides) {
    return SmallSweep.spec(folder.resolve("sweep"), overrides);
  }

  private String page() throws IOException {
    return Files.readString(folder.resolve("sweep/report.html"));
  }

  @Test
  void aLaterRunsReportTellsOfTheRunBeforeAndIsTheSameReadFromWhatIsLeft() throws IOException {
    try (SparkSession spark = LocalSpark.open(2)) {
      Sweep.Result first = Sweep.run(spark, spec(SPACE, MEASURED, "student.epochs=0"));
      ReportData alone = SweepReport.read(spark, spec().out());
      assertThat(alone.earlier()).isNull();
      assertThat(page()).isEqualTo(ReportPage.of(alone));

      Sweep.Result second = Sweep.run(spark, spec(SPACE, MEASURED));
      ReportData data = SweepReport.read(spark, spec().out());
      assertThat(data.earlier()).isNotNull();
      assertThat(data.earlier().ended()).isEqualTo(first.run().instant());
      assertThat(data.earlier().after().points()).hasSameSizeAs(second.frontier().rows());
      assertThat(page()).isEqualTo(ReportPage.of(data));
      // The number of classes is not looked for in the teacher's file.
      assertThat(data.frontier().teacher().guess()).isEqualTo(0.9);
      Files.delete(folder.resolve("sweep/teacher.pare"));
      assertThat(SweepReport.read(spark, spec().out()).earlier()).isEqualTo(data.earlier());
      // Of an mlp's two layers.
      assertThat(data.sensitivity()).hasSize(2 * 10).isEqualTo(alone.sensitivity());

      // As a run leaves it that dies before it is kept.
      replace("frontier.json", "\"name\" : \"sweep\"", "\"name\" : \"later\"");
      noteFrontier();
      assertThat(SweepReport.read(spark, spec().out()).earlier()).isNull();
    }
  }

  @Test
  void ofADamagedHistoryTheReportSaysNothing() throws IOException {
    try (SparkSession spark = LocalSpark.open(2)) {
      Sweep.Result first = Sweep.run(spark, spec(SPACE));
      Sweep.run(spark, spec(SPACE));
      assertThat(SweepReport.read(spark, spec().out()).earlier()).isNotNull();

      Files.writeString(
          folder.resolve("sweep/history").resolve(first.run().name()).resolve("validation.json"),
          "{}");
      // Hadoop would find that the checksum differs before Pare sees the file.
      Files.deleteIfExists(
          folder
              .resolve("sweep/history")
              .resolve(first.run().name())
              .resolve(".validation.json.crc"));

      assertThat(SweepReport.read(spark, spec().out()).earlier()).isNull();
    }
  }

  @Test
  void sensitivitiesOfAnotherTeacherAreLeftOut() throws IOException {
    try (SparkSession spark = LocalSpark.open(2)) {
      Sweep.run(spark, spec(SPACE));
      assertThat(SweepReport.read(spark, spec().out()).sensitivity()).isEmpty();

      Sweep.sensitivity(spark, spec(SPACE), Progress.SILENT);
      assertThat(SweepReport.read(spark, spec().out()).sensitivity()).isNotEmpty();

      Path csv = folder.resolve("sweep/sensitivity.csv");
      String its = Files.readString(csv);
      String loss = its.lines().skip(1).findFirst().orElseThrow().split(",")[6];
      replace("sensitivity.csv", loss, "9" + loss);
      assertThat(SweepReport.read(spark, spec().out()).sensitivity()).isEmpty();
      Files.writeString(csv, its);
      assertThat(SweepReport.read(spark, spec().out()).sensitivity()).isNotEmpty();

      Sweep.sensitivity(spark, spec(SPACE, "student.prune.calibration=7"), Progress.SILENT);
      assertThat(csv).isNotEmptyFile();
      assertThat(SweepReport.read(spark, spec().out()).sensitivity()).isEmpty();
      // Not of what scans go by.
      Sweep.sensitivity(spark, spec(SPACE, "student.epochs=9"), Progress.SILENT);
      assertThat(SweepReport.read(spark, spec().out()).sensitivity()).isNotEmpty();

      Sweep.sensitivity(spark, spec(SPACE, "teacher.epochs=1"), Progress.SILENT);
      assertThat(folder.resolve("sweep/sensitivity.csv")).isNotEmptyFile();
      assertThat(SweepReport.read(spark, spec().out()).sensitivity()).isEmpty();
    }
  }

  private void replace(String name, String text, String other) throws IOException {
    Path file = folder.resolve("sweep").resolve(name);
    String old = Files.readString(file);
    assertThat(old).contains(text);
    String now = old.replace(text, other);
    // As the version before wrote its end, which does not tell that lines have changed.
    Files.writeString(
        file, name.equals("references.txt") ? now.replaceFirst("(end \\d+) .*", "$1") : now);
    // Hadoop would find that the checksum differs before Pare sees the file.
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  /** Has the sweep's references name the frontier that is there now. */
  private void noteFrontier() throws IOException {
    String digest = Sha256.hex(Files.readAllBytes(folder.resolve("sweep/frontier.json")));
    String noted =
        Files.readString(folder.resolve("sweep/references.txt"))
            .lines()
            .filter(line -> line.startsWith("frontier.json "))
            .collect(Collectors.joining());
    replace("references.txt", noted, "frontier.json " + digest);
  }

  private void assertRefused(SparkSession spark, String... words) {
    assertThatIOException()
        .isThrownBy(() -> SweepReport.read(spark, spec().out()))
        .satisfies(e -> assertThat(e.getMessage()).contains(words).contains("sweep"));
  }

  private void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    Path sum = from.resolveSibling("." + from.getFileName() + ".crc");
    Path there = to.resolveSibling("." + to.getFileName() + ".crc");
    Files.deleteIfExists(there);
    if (Files.exists(sum)) {
      Files.copy(sum, there);
    }
  }

  /** By its keys and its number of rows it is the sweep's. */
  @Test
  void aLedgerWithAnotherNumberIsRefused() throws IOException {
    try (SparkSession spark = LocalSpark.open(2)) {
      Sweep.run(spark, spec(SPACE));
      Path ledger = folder.resolve("sweep/ledger/ledger.parquet");
      byte[] its = Files.readAllBytes(ledger);
      SweepTables.ledger(spark, spec().out())
          .withColumn("nonzero_weights", lit(7L))
          .coalesce(1)
          .write()
          .parquet(folder.resolve("changed").toString());
      try (Stream<Path> files = Files.list(folder.resolve("changed"))) {
        copy(
            files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow(),
            ledger);
      }
      String changed = Sha256.hex(Files.readAllBytes(ledger));
      assertRefused(
          spark,
          "ledger: its SHA-256 is "
              + changed
              + ", not "
              + Sha256.hex(its)
              + ", which references.txt");
      assertThatThrownBy(() -> SweepTables.ledger(spark, spec().out()))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("ledger: its SHA-256 is ");

      // An earlier version noted the number alone.
      replace("references.txt", "ledger 2 " + Sha256.hex(its), "ledger 2");
      assertThat(SweepTables.ledger(spark, spec().out()).count()).isEqualTo(2);
    }
  }

  @Test
  void filesFrontierAndLedgerOfAnotherSweepAreRefused() throws IOException {
    try (SparkSession spark = LocalSpark.open(2)) {
      Sweep.run(spark, spec(SPACE));
      Sweep.run(
          spark,
          SmallSweep.spec(folder.resolve("other"), SPACE, "sweep.seed=2", "sweep.name=sweep"));
      Path own = folder.resolve("sweep");
      Path other = folder.resolve("other");
      Configuration hadoop = new Configuration();
      List<Path> best = SmallSweep.best(own);
      assertThat(best).hasSizeGreaterThan(1);

      // Valid files, each in the other's place, and then one of the same length.
      byte[] first = Files.readAllBytes(best.get(0));
      copy(best.get(1), best.get(0));
      String swapped = best.get(0).getFileName().toString();
      assertRefused(spark, swapped, "has " + Files.size(best.get(1)) + " bytes", "" + first.length);
      assertThatIOException()
          .isThrownBy(() -> SweepLatency.measure(spec().out(), hadoop, 1, 0.01))
          .withMessageContaining(swapped);
      assertThatIOException()
          .isThrownBy(
              () -> ModelFile.read(best.get(0).toString(), hadoop, new ArtifactReader()::decode))
          .withMessageContaining(swapped);
      byte[] changed = first.clone();
      changed[first.length / 2] ^= 1;
      Files.write(best.get(0), changed);
      Files.deleteIfExists(best.get(0).resolveSibling("." + swapped + ".crc"));
      assertRefused(spark, swapped, "SHA-256 " + Sha256.hex(changed), Sha256.hex(first));
      Files.write(best.get(0), first);
      assertThat(SweepReport.read(spark, spec().out()).candidates()).hasSize(2);

      byte[] configuration = Files.readAllBytes(own.resolve("sweep.conf"));
      copy(other.resolve("sweep.conf"), own.resolve("sweep.conf"));
      assertRefused(spark, "sweep.conf", Sha256.hex(configuration), "references.txt");
      copy(own.resolve("references.txt"), folder.resolve("references.txt"));
      // An earlier version noted no configuration.
      replace("references.txt", "sweep.conf " + Sha256.hex(configuration) + "\n", "");
      assertThat(SweepReport.read(spark, spec().out()).configuration())
          .isEqualTo(Files.readString(other.resolve("sweep.conf")));
      copy(folder.resolve("references.txt"), own.resolve("references.txt"));
      Files.write(own.resolve("sweep.conf"), configuration);
      Files.deleteIfExists(own.resolve(".sweep.conf.crc"));

      byte[] frontier = Files.readAllBytes(own.resolve("frontier.json"));
      copy(other.resolve("frontier.json"), own.resolve("frontier.json"));
      assertRefused(
          spark,
          "frontier.json: its SHA-256 is "
              + Sha256.hex(Files.readAllBytes(own.resolve("frontier.json"))),
          "not " + Sha256.hex(frontier) + ", which references.txt has",
          "`pare sweep` with the same configuration writes it anew");
      // An earlier version noted no frontier.
      replace("references.txt", "frontier.json " + Sha256.hex(frontier) + "\n", "");
      assertRefused(spark, "frontier.json names");
      Files.write(own.resolve("frontier.json"), frontier);
      Files.deleteIfExists(own.resolve(".frontier.json.crc"));
      JsonNode altered = new ObjectMapper().readTree(frontier);
      ObjectNode row = (ObjectNode) altered.at("/frontier/0");
      row.put("validation_correct", row.get("validation_correct").asInt() + 1);
      Files.writeString(own.resolve("frontier.json"), altered.toString());
      assertRefused(spark, "frontier.json one of");
      Files.write(own.resolve("frontier.json"), frontier);

      Path ledger = own.resolve("ledger/ledger.parquet");
      copy(ledger, own.resolve("ledger/ledger (copy).parquet"));
      assertRefused(spark, "ledger: has candidate ", " twice");
      assertThatThrownBy(() -> SweepTables.ledger(spark, spec().out()))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(" twice");
      Files.delete(own.resolve("ledger/ledger (copy).parquet"));
      String digest = Sha256.hex(Files.readAllBytes(ledger));
      replace("references.txt", "\nledger 2 " + digest + "\n", "\nledger 3\n");
      assertRefused(spark, "ledger: has 2 candidates, references.txt says 3");
      assertThatThrownBy(() -> SweepTables.ledger(spark, spec().out()))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("has 2 candidates");
      replace("references.txt", "\nledger 3\n", "\n");
      assertThat(SweepTables.ledger(spark, spec().out()).count()).isEqualTo(2);

      copy(other.resolve("ledger/ledger.parquet"), ledger);
      assertThatThrownBy(() -> SweepTables.ledger(spark, spec().out()))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("none of the sweep's");
      assertRefused(spark, "ledger", "none of the sweep's in references.txt");
    }
  }
}
