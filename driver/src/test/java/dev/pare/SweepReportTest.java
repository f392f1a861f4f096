package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.report.page.ReportData;
import dev.pare.report.page.ReportPage;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
      // Of an mlp's two layers.
      assertThat(data.sensitivity()).hasSize(2 * 10).isEqualTo(alone.sensitivity());

      // As a run leaves it that dies before it is kept.
      Files.copy(
          folder.resolve("sweep/history").resolve(first.run().name()).resolve("frontier.json"),
          folder.resolve("sweep/frontier.json"),
          StandardCopyOption.REPLACE_EXISTING);
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
}
