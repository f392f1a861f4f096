package dev.pare.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.SmallSweep;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** systemd's own reading of the units, with this project in the place of /opt/pare. */
  private Command verified(String from, String to) throws Exception {
    List<String> words = new ArrayList<>(List.of("systemd-analyze", "verify"));
    for (String name : List.of("pare.service", "pare.timer")) {
      String unit =
          Files.readString(DEPLOY.resolve("schedule").resolve(name))
              .replace("/opt/pare", SmallSweep.ROOT.toString())
              .replace(from, to);
      words.add(Files.writeString(folder.resolve(name), unit).toString());
    }
    return Command.run(folder, Map.of(), words);
  }

  private static void assumeSystemd() {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(bin -> Files.isExecutable(Path.of(bin, "systemd-analyze"))),
        "there is no systemd-analyze on the path: apt-get install systemd");
  }

  @Test
  void systemdUnderstandsEveryLineOfTheUnits() throws Exception {
    assumeSystemd();

    Command done = verified("", "");

    assertThat(done.code()).isZero();
    assertThat(done.out() + done.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Persistent=, Persistant=",
    "03:00:00, 25:00:00",
    "bin/nightly, bin/nigthly",
    "[Service], [Servce]"
  })
  void aMistakeInTheUnitsWouldBeSeen(String from, String to) throws Exception {
    assumeSystemd();

    assertThat(verified(from, to).err()).isNotEmpty();
  }

  /** As crontab(5) has it for files in /etc/cron.d. */
  @Test
  void theCrontabIsOneThatCronReads() throws IOException {
    String text = Files.readString(DEPLOY.resolve("schedule/pare.cron"));
    List<String> lines =
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    List<String> jobs = lines.stream().filter(line -> !line.matches("[A-Z_]+=.*")).toList();

    // Cron leaves out a last line without an end, and takes a percent sign for one.
    assertThat(text).endsWith("\n").doesNotContain("%");
    assertThat(jobs)
        .singleElement(STRING)
        .matches(
            "(?:(?:\\*|[0-9]+(?:-[0-9]+)?)(?:/[0-9]+)? ){5}[a-z_]+ flock --nonblock /tmp/\\S+ /opt/pare/.*");
    assertThat(lines).first(STRING).isEqualTo("SHELL=/bin/bash");
  }

  @Test
  void kubernetesSchedulesHaveFiveFields() throws IOException {
    for (String file : List.of("cronjob.yaml", "scheduledsparkapplication.yaml")) {
      assertThat(Files.readString(DEPLOY.resolve("kubernetes").resolve(file)))
          .containsPattern("\n  schedule: \"(?:[0-9*/,-]+ ){4}[0-9*/,-]+\"\n");
    }
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

  @Test
  void whatIsCalledInTheImageWasCopiedThere() throws IOException {
    List<String> copied = new ArrayList<>();
    for (String line : Files.readAllLines(DEPLOY.resolve("docker/Dockerfile"))) {
      if (line.startsWith("COPY ")) {
        List<String> words =
            Stream.of(line.split(" ")).skip(1).filter(word -> !word.startsWith("--")).toList();
        String target = words.get(words.size() - 1);
        // Of several files, or with a slash at its end, it is a folder.
        assertThat(words.size() == 2 || target.endsWith("/")).as(line).isTrue();
        for (String source : words.subList(0, words.size() - 1)) {
          copied.add(
              target.endsWith("/")
                  ? target + source.substring(source.lastIndexOf('/') + 1)
                  : target);
        }
      } else {
        assertThat(line).matches("(?:#.*|(?:FROM|ENV|USER|RUN) \\S.*[^\\\\]|)");
      }
    }
    List<String> called = new ArrayList<>();
    try (Stream<Path> files = Files.walk(DEPLOY)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String folderName = String.valueOf(DEPLOY.relativize(file).getName(0));
        if (folderName.equals("kubernetes") || folderName.equals("docker")) {
          Pattern.compile("/opt/pare/[\\w./-]*\\w")
              .matcher(Files.readString(file))
              .results()
              .forEach(match -> called.add(match.group()));
        }
      }
    }

    // What nightly calls is beside it.
    assertThat(copied)
        .contains("/opt/pare/bin/nightly", "/opt/pare/bin/pare")
        .containsAll(
            called.stream().filter(path -> !path.matches("/opt/pare/(?:bin|conf)")).toList());
    assertThat(called).contains("/opt/pare/bin/nightly", "/opt/pare/pare.jar");
  }
}
