package dev.pare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.SmallSweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of deploy against a real standalone cluster: a sweep, and the nights after it. */
class SubmitScriptsIT {
  private static final Path DEPLOY = SmallSweep.ROOT.resolve("deploy");
  private static final Path BUILT = SmallSweep.ROOT.resolve("driver/target");
  private static final String SMALL =
      "--driver-memory 1g --executor-memory 1g --conf spark.ui.enabled=false";

  @TempDir private Path folder;

  private Path log;

  @Test
  @Timeout(600)
  void aSweepIsSubmittedAndRunEveryNightUntilItGetsWorse() throws Exception {
    log = folder.resolve("log");
    Path out = folder.resolve("sweep");
    String conf = SmallSweep.conf(out).toString();
    String classpath = Files.readString(BUILT.resolve("embedded-spark.classpath"));
    try (StandaloneCluster cluster =
        new StandaloneCluster(Files.createDirectory(folder.resolve("spark")), classpath, 1)) {
      assertThat(run(cluster, SMALL, "standalone/submit", cluster.master(), conf))
          .as(this::text)
          .isZero();
      assertThat(SmallSweep.best(out)).isNotEmpty();
      assertThat(text()).contains("4 candidates; results in file://" + out);

      String options = "--master " + cluster.master() + " " + SMALL;
      assertThat(run(cluster, options, "bin/nightly", conf, out.toString()))
          .as(this::text)
          .isZero();
      assertThat(text())
          .contains("teacher: found in the store", "on the same validation examples")
          .containsPattern("0 better, 0 worse, \\d+ the same within chance; 0 gained, 0 lost");

      assertThat(
              run(
                  cluster,
                  options,
                  "bin/nightly",
                  conf,
                  out.toString(),
                  "--set",
                  "student={ epochs = 0, quantize.epochs = 0 }"))
          .as(this::text)
          .isEqualTo(3);
      assertThat(text()).containsPattern("[1-9] worse, ");
    }
  }

  private int run(StandaloneCluster cluster, String options, String script, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(DEPLOY.resolve(script).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", cluster.home().toString());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("PARE_MEMORY", "1g");
    builder.environment().put("PARE_SUBMIT_OPTIONS", options);
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
            .start();
    if (!process.waitFor(200, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IllegalStateException(script + " did not end: " + text());
    }
    return process.exitValue();
  }

  private String text() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
