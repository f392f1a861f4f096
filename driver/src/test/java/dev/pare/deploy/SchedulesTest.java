package dev.pare.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.SmallSweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Airflow, cron, systemd and the image: that they call what is there. */
class SchedulesTest {
  private static final Path DEPLOY = SmallSweep.ROOT.resolve("deploy");
  private static final Path DAG = DEPLOY.resolve("airflow/pare_nightly.py");

  @TempDir private Path folder;

  private Command python(String... arguments) throws Exception {
    return Command.run(
        folder,
        Map.of("PYTHONPYCACHEPREFIX", folder.toString()),
        Stream.concat(Stream.of("python3"), Stream.of(arguments)).toList());
  }

  @Test
  void theDagCompiles() throws Exception {
    Command done = python("-m", "py_compile", DAG.toString());

    assertThat(done.code()).as(done.err()).isZero();
  }

  @Test
  void theDagSweepsAndThenComparesFrontiers() throws Exception {
    Path stub =
        Path.of(Objects.requireNonNull(SchedulesTest.class.getResource("airflow/stub.py")).toURI());
    Command done = python(stub.toString(), DAG.toString());

    assertThat(done.code()).as(done.err()).isZero();
    JsonNode dag = new ObjectMapper().readTree(done.out());
    assertThat(dag.get("schedule").asText()).isEqualTo("0 3 * * *");
    assertThat(dag.get("catchup").asBoolean()).isFalse();
    assertThat(dag.get("max_active_runs").asInt()).isEqualTo(1);
    JsonNode sweep = dag.at("/tasks/sweep");
    assertThat(sweep.get("java_class").asText()).isEqualTo("dev.pare.cli.Main");
    assertThat(sweep.get("application_args"))
        .extracting(JsonNode::asText)
        .containsExactly("sweep", "hdfs:///sweeps/lenet.conf");
    assertThat(sweep.get("retries").asInt()).isPositive();
    assertThat(sweep.get("downstream")).extracting(JsonNode::asText).containsExactly("diff");
    assertThat(dag.at("/tasks/diff/bash_command").asText())
        .isEqualTo("/opt/pare/deploy/bin/pare diff hdfs:///sweeps/lenet --fail-if-worse");
    assertThat(dag.at("/tasks/diff/retries").asInt()).isZero();
  }

  @Test
  void aWrongArgumentWouldBeSeen() throws Exception {
    Path stub =
        Path.of(Objects.requireNonNull(SchedulesTest.class.getResource("airflow/stub.py")).toURI());
    Path wrong =
        Files.writeString(
            folder.resolve("wrong.py"),
            Files.readString(DAG).replace("java_class=", "main_class="));

    assertThat(python(stub.toString(), wrong.toString()).err()).contains("has no ['main_class']");
  }

  @Test
  void whatRunsEveryNightIsThere() throws IOException {
    for (String file : List.of("schedule/pare.cron", "schedule/pare.service")) {
      assertThat(Files.readString(DEPLOY.resolve(file)))
          .contains("/opt/pare/deploy/bin/nightly /etc/pare/sweep.conf hdfs:///sweeps/lenet");
    }
    assertThat(DEPLOY.resolve("bin/nightly")).isExecutable();
    assertThat(Files.readString(DEPLOY.resolve("schedule/pare.cron")))
        .contains("\n0 3 * * * pare flock --nonblock ");
  }

  @Test
  void whatTheImageCopiesIsThereAndNotIgnored() throws IOException {
    List<String> sources =
        Files.readAllLines(DEPLOY.resolve("docker/Dockerfile")).stream()
            .filter(line -> line.startsWith("COPY "))
            .flatMap(
                line -> Stream.of(line.split(" ")).filter(word -> !word.startsWith("-")).skip(1))
            .filter(word -> !word.startsWith("/"))
            .toList();
    List<String> kept =
        Files.readAllLines(DEPLOY.resolve("docker/Dockerfile.dockerignore")).stream()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();

    assertThat(sources).contains("driver/target/pare.jar", "deploy/docker/pare");
    for (String source : sources) {
      assertThat(kept).anyMatch(source::startsWith);
      if (!source.startsWith("driver/target/")) {
        assertThat(SmallSweep.ROOT.resolve(source)).exists();
      }
    }
    assertThat(Files.readString(DEPLOY.resolve("docker/Dockerfile")))
        .contains("FROM apache/spark:3.5.5-scala2.12-java17-ubuntu");
  }
}
