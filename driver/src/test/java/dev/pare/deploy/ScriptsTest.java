package dev.pare.deploy;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.SmallSweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The scripts of deploy, with programs in the place of spark-submit and others that say how they
 * were called.
 */
class ScriptsTest {
  private static final Path DEPLOY = SmallSweep.ROOT.resolve("deploy");

  @TempDir private Path folder;

  private Path spark;

  @BeforeEach
  void installSpark() throws IOException {
    spark = folder.resolve("spark");
    program("spark/bin/spark-submit", "printf '%s\\n' \"$@\"");
  }

  private Path program(String name, String body) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, "#!/usr/bin/env bash\n" + body + "\n");
    return Files.setPosixFilePermissions(file, fromString("rwxr-xr-x"));
  }

  private Command run(String script, Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> words = new ArrayList<>(List.of(DEPLOY.resolve(script).toString()));
    words.addAll(List.of(arguments));
    return Command.run(folder, environment, words);
  }

  private Command submit(String script, Map<String, String> environment, String... arguments)
      throws Exception {
    Map<String, String> all = new java.util.HashMap<>(environment);
    all.put("SPARK_HOME", spark.toString());
    Command done = run(script, all, arguments);
    assertThat(done.code()).as(done.err()).isZero();
    return done;
  }

  @Test
  void standaloneSubmitsToTheMasterWithTheJarOfTheBuild() throws Exception {
    Command done =
        submit(
            "standalone/submit",
            Map.of("PARE_SUBMIT_OPTIONS", "--total-executor-cores 64"),
            "spark://host:7077",
            "a b.conf",
            "--set",
            "space.bits=[2, 3]");

    assertThat(done.out().lines())
        .containsSubsequence("--master", "spark://host:7077", "--deploy-mode", "client")
        .containsSubsequence("--total-executor-cores", "64", "--class", "dev.pare.cli.Main")
        .endsWith(
            SmallSweep.ROOT.resolve("driver/target/pare.jar").toString(),
            "sweep",
            "a b.conf",
            "--set",
            "space.bits=[2, 3]");
  }

  @Test
  void yarnTakesALocalConfigurationAlong() throws Exception {
    Command local =
        submit(
            "yarn/submit",
            Map.of("PARE_JAR", "hdfs:///pare.jar"),
            "/etc/pare/x.conf",
            "--set",
            "a=b");
    Command remote = submit("yarn/submit", Map.of(), "hdfs:///x.conf");

    assertThat(local.out().lines())
        .containsSubsequence("--master", "yarn", "--deploy-mode", "cluster")
        .containsSubsequence("--files", "/etc/pare/x.conf")
        .endsWith("hdfs:///pare.jar", "sweep", "x.conf", "--set", "a=b");
    assertThat(remote.out().lines()).doesNotContain("--files").endsWith("sweep", "hdfs:///x.conf");
  }

  @Test
  void kubernetesRunsTheJarOfTheImage() throws Exception {
    Command done =
        submit(
            "kubernetes/submit",
            Map.of("PARE_IMAGE", "r/pare:1"),
            "k8s://https://h:6443",
            "s3a://b/x.conf");

    assertThat(done.out().lines())
        .containsSubsequence("--master", "k8s://https://h:6443", "--deploy-mode", "cluster")
        .contains("spark.kubernetes.container.image=r/pare:1", "spark.kubernetes.namespace=pare")
        .endsWith("local:///opt/pare/pare.jar", "sweep", "s3a://b/x.conf");
    assertThat(Files.readString(DEPLOY.resolve("docker/Dockerfile")))
        .contains(" /opt/pare/pare.jar\n");
  }

  /** All that submit sweeps, the launcher as if it had been built. */
  private List<List<String>> submissions() throws IOException {
    Path launcher = folder.resolve("deploy/bin/pare");
    Files.createDirectories(Objects.requireNonNull(launcher.getParent()));
    Files.copy(DEPLOY.resolve("bin/pare"), launcher, StandardCopyOption.COPY_ATTRIBUTES);
    Files.createDirectories(folder.resolve("driver/target"));
    Files.createFile(folder.resolve("driver/target/pare.jar"));
    Files.createFile(folder.resolve("driver/target/embedded-spark.classpath"));
    return List.of(
        List.of(launcher.toString(), "sweep", "x.conf"),
        List.of(DEPLOY.resolve("standalone/submit").toString(), "spark://h:1", "x.conf"),
        List.of(DEPLOY.resolve("yarn/submit").toString(), "x.conf"),
        List.of(DEPLOY.resolve("kubernetes/submit").toString(), "k8s://h", "x.conf"));
  }

  /** Others would round differently. */
  @Test
  void allProcessesHaveTheKernelThatIsNamed() throws Exception {
    String named = ".OPENBLAS_CORETYPE=Haswell";
    String executors = "spark.executorEnv" + named;
    String yarn = "spark.yarn.appMasterEnv" + named;
    String kubernetes = "spark.kubernetes.driverEnv" + named;
    List<List<String>> expected =
        List.of(
            List.of(executors, yarn, kubernetes),
            List.of(executors),
            List.of(executors, yarn),
            List.of(executors, kubernetes),
            List.of(executors));
    List<List<String>> submissions = new ArrayList<>(submissions());
    submissions.add(List.of(DEPLOY.resolve("docker/pare").toString(), "sweep", "x.conf"));
    for (int i = 0; i < submissions.size(); i++) {
      for (String given : List.of("Haswell", "")) {
        Command done =
            Command.run(
                folder,
                Map.of(
                    "OPENBLAS_CORETYPE", given, "SPARK_HOME", spark.toString(), "PARE_IMAGE", "i"),
                submissions.get(i));
        assertThat(done.out().lines().filter(word -> word.contains("CORETYPE")))
            .as(submissions.get(i).get(0) + " " + given)
            .isEqualTo(given.isEmpty() ? List.of() : expected.get(i));
      }
    }
  }

  @Test
  void javaRunsInALocaleOfUnicode() throws Exception {
    program("spark/bin/spark-submit", "echo \"$LC_ALL $*\"");
    for (List<String> words : submissions()) {
      for (String given : List.of("C", "POSIX", "no_SUCH.locale", "C.UTF-8")) {
        Command done =
            Command.run(
                folder,
                Map.of("LC_ALL", given, "SPARK_HOME", spark.toString(), "PARE_IMAGE", "i"),
                words);
        assertThat(done.out()).as(words.get(0) + " " + given).startsWith("C.UTF-8 ");
      }
    }
    assertThat(Files.readString(DEPLOY.resolve("docker/Dockerfile")))
        .contains("\nENV LC_ALL=C.UTF-8\n");
  }

  @ParameterizedTest
  @CsvSource({
    "standalone/submit,",
    "standalone/submit, host x.conf",
    "yarn/submit,",
    "yarn/submit, --set a=b",
    "kubernetes/submit, spark://h x.conf",
    "bin/nightly, x.conf"
  })
  void wrongUsageIsTwo(String script, String arguments) throws Exception {
    Command done =
        run(
            script,
            Map.of("SPARK_HOME", spark.toString()),
            arguments == null ? new String[0] : arguments.split(" "));

    assertThat(done.code()).isEqualTo(2);
    assertThat(done.err()).startsWith("usage: ");
    assertThat(done.out()).isEmpty();
  }

  @Test
  void withoutSparkOrImageThatIsSaid() throws Exception {
    assertThat(run("standalone/submit", Map.of("SPARK_HOME", ""), "spark://h:1", "x.conf").err())
        .contains("SPARK_HOME: names no Spark installation");
    assertThat(
            run(
                    "kubernetes/submit",
                    Map.of("SPARK_HOME", "x", "PARE_IMAGE", ""),
                    "k8s://h",
                    "x.conf")
                .err())
        .contains("PARE_IMAGE: names no image");
  }

  @Test
  void everyNightIsASweepAndWhatItChanged() throws Exception {
    Path pare = program("pare", "echo \"$@\"; [ \"$1\" = sweep ] || exit 3");

    Command done =
        run(
            "bin/nightly",
            Map.of("PARE", pare.toString()),
            "x.conf",
            "hdfs:///out",
            "--set",
            "a=b");

    assertThat(done.code()).isEqualTo(3);
    assertThat(done.out()).isEqualTo("sweep x.conf --set a=b\ndiff hdfs:///out --fail-if-worse\n");
  }

  @Test
  void whatChangedIsAskedForAgainIfTheAnswerFails() throws Exception {
    Path asked = folder.resolve("asked");
    Path pare =
        program(
            "pare",
            "echo \"$1\"; [ \"$1\" = sweep ] || { [ -e %1$s ] && exit 3; touch %1$s; exit 1; }"
                .formatted(asked));

    Command done = run("bin/nightly", Map.of("PARE", pare.toString()), "x.conf", "out");

    assertThat(done.code()).isEqualTo(3);
    assertThat(done.out()).isEqualTo("sweep\ndiff\ndiff\n");
  }

  @Test
  void aNightWhoseSweepFailsSaysNothingOfTheFrontier() throws Exception {
    Path pare = program("pare", "echo \"$1\"; exit 1");

    Command done = run("bin/nightly", Map.of("PARE", pare.toString()), "x.conf", "out");

    assertThat(done.code()).isEqualTo(1);
    assertThat(done.out()).isEqualTo("sweep\n");
  }

  @Test
  void theImagesLauncherRunsAllButSweepsWithoutACluster() throws Exception {
    Map<String, String> options =
        Map.of("PARE_SUBMIT_OPTIONS", "--master k8s://h --conf spark.hadoop.a=b");

    assertThat(submit("docker/pare", options, "sweep", "x.conf").out().lines())
        .containsSubsequence("--master", "k8s://h")
        .endsWith("/opt/pare/pare.jar", "sweep", "x.conf");
    assertThat(submit("docker/pare", options, "diff", "out").out().lines())
        .containsSubsequence(
            "--master", "k8s://h", "--conf", "spark.hadoop.a=b", "--master", "local[1]");
  }

  @Test
  void devicesAreListedAsSparkReadsThem() throws Exception {
    program("devices/nvidia-smi", "printf '0\\n3\\n'");

    Command done = run("bin/gpus", withPath("devices"));

    assertThat(done.code()).as(done.err()).isZero();
    JsonNode resource = new ObjectMapper().readTree(done.out());
    assertThat(resource.get("name").asText()).isEqualTo("gpu");
    assertThat(resource.get("addresses")).extracting(JsonNode::asText).containsExactly("0", "3");
    // Spark's own reading of it.
    assertThat(
            org.apache.spark.resource.ResourceInformation.parseJson(done.out().strip()).addresses())
        .containsExactly("0", "3");
  }

  @Test
  void withoutDriverOrDeviceThatIsSaid() throws Exception {
    program("none/nvidia-smi", "echo 'No devices were found'");
    program("broken/nvidia-smi", "echo 'Driver/library version mismatch'; exit 18");

    assertThat(run("bin/gpus", withPath("none")))
        .satisfies(done -> assertThat(done.code()).isEqualTo(1))
        .satisfies(done -> assertThat(done.err()).contains("lists no device: No devices"));
    assertThat(run("bin/gpus", withPath("broken")).code()).isEqualTo(18);
    Path bare = Files.createDirectory(folder.resolve("bare"));
    Files.createSymbolicLink(bare.resolve("bash"), Path.of("/bin/bash"));
    assertThat(run("bin/gpus", Map.of("PATH", bare.toString())))
        .satisfies(done -> assertThat(done.code()).isEqualTo(1))
        .satisfies(done -> assertThat(done.err()).contains("no nvidia-smi on this machine"));
  }

  @Test
  void dataOfAnotherContentAreRefused() throws Exception {
    program("other/apt-get", "touch \"${@: -1}_1_all.deb\"");
    program(
        "other/dpkg-deb",
        "mkdir -p \"$3/usr/lib/R/site-library/mlbench/data\"\n"
            + "echo 1 >\"$3/usr/lib/R/site-library/mlbench/data/LetterRecognition.rda\"");

    Command done =
        run("bin/fetch-data", withPath("other"), "letters", folder.resolve("letters").toString());

    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err())
        .contains("LetterRecognition.rda from the package does not have the SHA-256 967a1a3e");
    assertThat(folder.resolve("letters")).isEmptyDirectory();
  }

  @Test
  void onlyKnownDataAreFetched() throws Exception {
    Command done = run("bin/fetch-data", Map.of(), "cifar-10");

    assertThat(done.code()).isEqualTo(2);
    assertThat(done.err()).contains("must be mnist, fashion-mnist, letters or words");
  }

  private Map<String, String> withPath(String first) {
    return Map.of("PATH", folder.resolve(first) + ":" + System.getenv("PATH"));
  }
}
