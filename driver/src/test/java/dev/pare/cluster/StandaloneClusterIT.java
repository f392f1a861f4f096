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
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar on a real cluster; needs what {@code mvn package} builds. */
class StandaloneClusterIT {
  private static final Path BUILT = SmallSweep.ROOT.resolve("driver/target");
  private static final String SPACE = "space={ sparsity = [0.5, 0.8, 0.9], bits = [2, 3, 4] }";
  private static final String TEACHER = "teacher={ train-on = spark, epochs = 1 }";

  @TempDir private Path folder;

  @Test
  @Timeout(600)
  void aSweepOnTwoWorkersGivesTheBytesOfTheEmbeddedOneEvenIfTheyTrainTheTeacher() throws Exception {
    Path clustered = folder.resolve("clustered/sweep");
    Path embedded = folder.resolve("embedded/sweep");
    Path log = folder.resolve("submit.log");
    String classpath = Files.readString(BUILT.resolve("embedded-spark.classpath"));
    try (StandaloneCluster cluster =
        new StandaloneCluster(Files.createDirectory(folder.resolve("spark")), classpath, 2)) {
      int code =
          cluster.submit(
              log,
              Duration.ofSeconds(400),
              List.of(
                  // Else one executor may be done before the other one is there.
                  "--conf",
                  "spark.scheduler.minRegisteredResourcesRatio=1.0",
                  "--conf",
                  "spark.scheduler.maxRegisteredResourcesWaitingTime=60s",
                  "--conf",
                  "spark.serializer=org.apache.spark.serializer.KryoSerializer",
                  "--conf",
                  "spark.kryo.registrationRequired=true",
                  BUILT.resolve("pare.jar").toString(),
                  "sweep",
                  SmallSweep.conf(clustered).toString(),
                  "--set",
                  SPACE,
                  "--set",
                  TEACHER));
      assertThat(code).as(() -> text(log)).isZero();
    }

    try (SparkSession spark = LocalSpark.open(2)) {
      Sweep.run(spark, SmallSweep.spec(embedded, SPACE, TEACHER));
      // Several tasks are ready at once, so both have some; candidates may all end on one.
      assertThat(SweepFiles.executors(clustered.resolve("store"))).containsExactly("0", "1");
      assertThat(SweepFiles.column(SweepFiles.ledger(spark, clustered), "executor").values())
          .allMatch(name -> name.endsWith("@127.0.0.1"))
          .doesNotContainAnyElementsOf(
              SweepFiles.column(SweepFiles.ledger(spark, embedded), "executor").values());
    }
    assertThat(SmallSweep.best(clustered)).hasSizeGreaterThan(2);
    assertThat(SmallSweep.bytes(clustered)).isEqualTo(SmallSweep.bytes(embedded));
  }

  @Test
  @Timeout(600)
  void twoSearchesAtOnceOnOneStoreTrainEachCandidateOnce() throws Exception {
    Path store = folder.resolve("store");
    List<Path> sweeps = List.of(folder.resolve("one/sweep"), folder.resolve("two/sweep"));
    String classpath = Files.readString(BUILT.resolve("embedded-spark.classpath"));
    try (StandaloneCluster cluster =
        new StandaloneCluster(Files.createDirectory(folder.resolve("spark")), classpath, 2)) {
      List<Process> drivers = new ArrayList<>();
      for (Path sweep : sweeps) {
        Files.createDirectories(sweep.getParent());
        drivers.add(
            cluster.submit(
                sweep.resolveSibling("submit.log"),
                List.of(
                    "--conf",
                    "spark.cores.max=1",
                    BUILT.resolve("pare.jar").toString(),
                    "sweep",
                    SmallSweep.conf(sweep).toString(),
                    "--set",
                    "space={ sparsity = [0.5, 0.7, 0.8, 0.9], bits = [2, 3, 4, 5] }",
                    "--set",
                    "search={ strategy = nsga-ii, candidates = 12, population = 4 }",
                    "--set",
                    "sweep.store=\"file://" + store + "\"")));
      }
      for (int i = 0; i < sweeps.size(); i++) {
        Path log = sweeps.get(i).resolveSibling("submit.log");
        assertThat(drivers.get(i).waitFor(400, TimeUnit.SECONDS)).as(() -> text(log)).isTrue();
        assertThat(drivers.get(i).exitValue()).as(() -> text(log)).isZero();
      }
    }
    // What a driver's own tasks took, and what the stages in the store took when they were made.
    double spent = 0;
    for (Path sweep : sweeps) {
      spent += SweepFiles.seconds(Files.readString(sweep.resolve("status.json")), "stageSeconds");
    }
    double made = 0;
    for (String report : SweepFiles.reports(store).values()) {
      made += SweepFiles.seconds(report, "seconds");
    }
    assertThat(spent).isCloseTo(made, Offset.offset(1e-6 * made));
    assertThat(SmallSweep.bytes(sweeps.get(0))).isEqualTo(SmallSweep.bytes(sweeps.get(1)));
    assertThat(SweepFiles.executors(store)).isNotEmpty();
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}
