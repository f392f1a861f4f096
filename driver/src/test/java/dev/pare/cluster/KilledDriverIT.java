package dev.pare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.LocalSpark;
import dev.pare.SmallSweep;
import dev.pare.Sweep;
import dev.pare.TestSeed;
import dev.pare.folder.SweepFolder;
import dev.pare.status.StatusFile;
import dev.pare.status.SweepStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drivers that end before their sweeps do; needs what {@code mvn package} builds. */
@Timeout(600)
class KilledDriverIT {
  private static final int KILLS = 5;
  private static final int CANDIDATES = 24;
  private static final Duration PATIENCE = Duration.ofSeconds(200);

  @TempDir private Path folder;

  private Path out;
  private Path store;
  private Path log;

  @BeforeEach
  void places() throws Exception {
    out = folder.resolve("killed/sweep");
    store = out.resolve("store");
    log = folder.resolve("pare.log");
    Files.createDirectories(out);
  }

  private static List<String> command(Path out, String... overrides) {
    List<String> command =
        new ArrayList<>(List.of("sweep", SmallSweep.conf(out).toString(), "--master", "local[2]"));
    for (String override : overrides) {
      command.addAll(List.of("--set", override));
    }
    return command;
  }

  private SweepStatus status() throws Exception {
    return StatusFile.read(
        new SweepFolder(new org.apache.hadoop.fs.Path(out.toUri()), new Configuration()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "search={ strategy = grid }",
        "search={ strategy = gaussian-process, candidates = 18, population = 4 }"
      })
  void killedAtFiveMomentsASweepComputesNothingTwiceAndEndsWithTheSameBytes(String search)
      throws Exception {
    String space = "space={ sparsity = [0.5, 0.7, 0.8, 0.9], bits = [2, 3, 4, 5, 6, 8] }";
    int candidates = search.contains("18") ? 18 : CANDIDATES;
    SplittableRandom random = TestSeed.random();
    Map<String, String> kept = new TreeMap<>();
    Path undisturbed = folder.resolve("undisturbed/sweep");
    try (Programs programs = new Programs();
        SparkSession spark = LocalSpark.open(2)) {
      Sweep.run(spark, SmallSweep.spec(undisturbed, space, search));
      int tasks = SweepFiles.reports(undisturbed.resolve("store")).size();
      assertThat(tasks).isGreaterThanOrEqualTo(candidates);

      for (int kill = 0; kill < KILLS; kill++) {
        int wanted = kept.size() + random.nextInt(3);
        int millis = random.nextInt(wanted == 0 ? 4000 : 300);
        Process driver = programs.pare(log, command(out, space, search));
        Programs.await(driver, () -> SweepFiles.ended(store) >= wanted);
        Thread.sleep(millis);
        assertThat(driver.isAlive()).as(() -> Programs.text(log)).isTrue();
        driver.destroyForcibly().waitFor();

        Map<String, String> now = SweepFiles.reports(store);
        System.out.println(
            "killed after " + wanted + " tasks and " + millis + " ms, " + now.size() + " are kept");
        assertThat(now).containsAllEntriesOf(kept);
        kept = now;
        if (Files.exists(out.resolve("ledger"))) {
          assertThat(SweepFiles.ledger(spark, out)).hasSizeLessThanOrEqualTo(candidates);
        }
        if (Files.exists(out.resolve("status.json"))) {
          assertThat(status().state()).isEqualTo(SweepStatus.State.RUNNING);
        }
      }

      int code = Programs.await(programs.pare(log, command(out, space, search)), PATIENCE);
      assertThat(code).as(() -> Programs.text(log)).isZero();
      // Tasks are cut otherwise where times are known, and may keep more stages; searches keep
      // fewer of the last candidates.
      assertThat(SweepFiles.reports(store))
          .hasSizeGreaterThanOrEqualTo(search.contains("grid") ? tasks : candidates)
          .containsAllEntriesOf(kept);
      assertThat(SweepFiles.ledger(spark, out)).hasSize(candidates);
    }
    assertThat(status().state()).isEqualTo(SweepStatus.State.DONE);
    assertThat(SmallSweep.bytes(out)).isEqualTo(SmallSweep.bytes(undisturbed));
  }

  @Test
  void afterCtrlCTheProcessEndsAtOnceSaysHowToGoOnAndGoesOn() throws Exception {
    String space = "space={ sparsity = [0.5, 0.9], bits = [2] }";
    try (Programs programs = new Programs();
        SparkSession spark = LocalSpark.open(2)) {
      Process driver = programs.pare(log, command(out, space, "student.epochs=1000"));
      Programs.await(driver, () -> Programs.text(log).contains("2 candidates"));
      Thread.sleep(1000);
      Programs.interrupt(driver);
      long start = System.nanoTime();
      int code = Programs.await(driver, Duration.ofSeconds(60));

      assertThat(code).as(() -> Programs.text(log)).isEqualTo(130);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
      assertThat(Programs.text(log))
          .endsWith(
              "pare: interrupted with 0 of 2 candidates done; nothing is lost, the same command"
                  + " goes on from here\n");
      assertThat(status().state()).isEqualTo(SweepStatus.State.INTERRUPTED);

      code = Programs.await(programs.pare(log, command(out, space)), PATIENCE);
      assertThat(code).as(() -> Programs.text(log)).isZero();
      assertThat(SweepFiles.ledger(spark, out)).hasSize(2);
    }
  }
}
