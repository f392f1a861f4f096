package dev.pare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.LocalSpark;
import dev.pare.SmallSweep;
import dev.pare.Sweep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes of a cluster that end while a sweep runs; needs what {@code mvn package} builds. */
@Timeout(600)
class LostProcessesIT {
  private static final String SPACE = "space={ sparsity = [0.5, 0.7, 0.8, 0.9], bits = [2, 3, 4] }";

  @TempDir private Path folder;

  private StandaloneCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster =
        new StandaloneCluster(
            Files.createDirectory(folder.resolve("spark")), Programs.sparkClasspath(), 2);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private static List<String> sweep(Path out, String... overrides) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--driver-java-options",
                "-Dlog4j2.configurationFile=" + SmallSweep.ROOT.resolve("conf/log4j2.properties"),
                Programs.JAR.toString(),
                "sweep",
                SmallSweep.conf(out).toString()));
    for (String override : overrides) {
      arguments.addAll(List.of("--set", override));
    }
    return arguments;
  }

  @Test
  void anExecutorAndThenAWorkerKilledCostNeitherCandidatesNorBits() throws Exception {
    Path disturbed = folder.resolve("disturbed/sweep");
    Path undisturbed = folder.resolve("undisturbed/sweep");
    Path store = disturbed.resolve("store");
    Path log = folder.resolve("submit.log");

    // Tasks take long enough for what happens to them to be seen on any machine.
    String epochs = "student.epochs=10";
    Process driver = cluster.submit(log, sweep(disturbed, SPACE, epochs));
    assertThat(Programs.await(driver, () -> !SweepFiles.executors(store).isEmpty()))
        .as(() -> Programs.text(log))
        .isTrue();
    // One that has ended tasks, so that what is left must be computed by others.
    String killed = SweepFiles.executors(store).first();
    ProcessHandle executor = cluster.executor(killed);
    executor.destroyForcibly();
    executor.onExit().get(10, TimeUnit.SECONDS);
    int ended = SweepFiles.ended(store);
    assertThat(Programs.await(driver, () -> SweepFiles.ended(store) >= ended + 3))
        .as(() -> Programs.text(log))
        .isTrue();
    cluster.workers().get(1).destroyForcibly().waitFor();
    assertThat(SweepFiles.ended(store)).isLessThan(16);
    int code = Programs.await(driver, Duration.ofSeconds(300));
    assertThat(code).as(() -> Programs.text(log)).isZero();

    try (SparkSession spark = LocalSpark.open(2)) {
      Sweep.run(spark, SmallSweep.spec(undisturbed, SPACE, epochs));
      Map<String, Row> one = SweepFiles.ledger(spark, disturbed);
      Map<String, Row> other = SweepFiles.ledger(spark, undisturbed);

      assertThat(one).hasSize(12);
      // Where each was computed differs, what was computed does not.
      assertThat(SweepFiles.column(one, "executor").values())
          .allMatch(name -> name.endsWith("@127.0.0.1"))
          .doesNotContainAnyElementsOf(SweepFiles.column(other, "executor").values());
      // What the killed one had ended was kept; its candidates may all have ended elsewhere.
      assertThat(SweepFiles.executors(store)).contains(killed).hasSizeGreaterThan(1);
      assertThat(SweepFiles.column(one, "sha256")).isEqualTo(SweepFiles.column(other, "sha256"));
    }
    assertThat(SmallSweep.bytes(disturbed)).isEqualTo(SmallSweep.bytes(undisturbed));
  }

  @Test
  void ctrlCEndsTheTasksOnTheClusterWithinSeconds() throws Exception {
    Path out = folder.resolve("interrupted/sweep");
    Path log = folder.resolve("submit.log");
    Process driver =
        cluster.submit(log, sweep(out, SPACE, "student.epochs=1000", "teacher.epochs=1"));
    assertThat(
            Programs.await(
                driver,
                () -> Programs.text(log).contains("12 candidates") && busy(cluster.executors())))
        .as(() -> Programs.text(log))
        .isTrue();
    List<ProcessHandle> executors = cluster.executors();
    Programs.interrupt(driver);

    int code = Programs.await(driver, Duration.ofSeconds(20));
    assertThat(code).as(() -> Programs.text(log)).isEqualTo(130);
    assertThat(Programs.text(log)).contains("pare: interrupted with 0 of 12 candidates done");
    for (ProcessHandle executor : executors) {
      executor.onExit().get(10, TimeUnit.SECONDS);
    }
  }

  /** Whether one has used a processor for a while, which an idle one does not. */
  private static boolean busy(List<ProcessHandle> executors) {
    return executors.stream()
        .anyMatch(
            executor -> executor.info().totalCpuDuration().orElse(Duration.ZERO).toSeconds() >= 6);
  }
}
