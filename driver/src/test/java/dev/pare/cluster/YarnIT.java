package dev.pare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.LocalSpark;
import dev.pare.SmallSweep;
import dev.pare.Sweep;
import dev.pare.folder.SweepFolder;
import dev.pare.status.StatusFile;
import dev.pare.status.SweepStatus;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar on YARN in cluster mode, with all files on HDFS: a sweep, and the nights after it. Needs
 * what {@code mvn package} builds.
 */
@Timeout(900)
class YarnIT {
  // So sparse that students without training are worse at nearly every size, and better at none.
  private static final String SPACE = "space={ sparsity = [0.9, 0.95], bits = [2, 4] }";

  private static final String KERNEL = "OPENBLAS_CORETYPE";

  @TempDir private Path folder;

  private Process hadoop(Programs programs, Path conf) throws Exception {
    Path log = folder.resolve("hadoop.log");
    Process process =
        programs.start(
            log,
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx768m",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "-Djava.net.preferIPv4Stack=true",
                    "-cp",
                    MavenClasspath.of("hadoop", folder),
                    MavenClasspath.folder("hadoop").resolve("MiniCluster.java").toString(),
                    folder.resolve("hadoop").toString(),
                    conf.toString())
                .directory(folder.toFile()));
    assertThat(Programs.await(process, () -> Files.exists(conf.resolve("core-site.xml"))))
        .as(() -> Programs.text(log))
        .isTrue();
    return process;
  }

  @Test
  void aSweepGivesTheBytesOfTheEmbeddedOneAndOneThatIsRunEveryNightTellsWhatChanged()
      throws Exception {
    Path conf = folder.resolve("conf");
    Path log = folder.resolve("submit.log");
    Path embedded = folder.resolve("embedded/sweep");
    Path fetched = folder.resolve("fetched");
    try (Programs programs = new Programs();
        SparkSession spark = LocalSpark.open(2)) {
      hadoop(programs, conf);
      Configuration configuration = new Configuration();
      configuration.addResource(
          new org.apache.hadoop.fs.Path(conf.resolve("core-site.xml").toUri()));
      try (FileSystem hdfs = FileSystem.newInstance(configuration)) {
        String root = root(hdfs);
        put(hdfs, SmallSweep.ROOT.resolve("conf/quickstart"), root + "/data");
        put(hdfs, SmallSweep.conf(embedded), root + "/sweep.conf");

        Process submit =
            programs.start(
                log, submit(conf, root, Programs.sparkClasspath() + File.pathSeparator + yarn()));
        int code = Programs.await(submit, Duration.ofSeconds(400));
        assertThat(code).as(this::logs).isZero();
        FileUtil.copy(
            hdfs,
            new org.apache.hadoop.fs.Path(root + "/sweep"),
            fetched.toFile(),
            false,
            configuration);
        nights(programs, conf, hdfs);
      }

      Sweep.run(spark, SmallSweep.spec(embedded, SPACE));
      assertThat(SmallSweep.bytes(fetched)).isEqualTo(SmallSweep.bytes(embedded));
      assertThat(SweepFiles.ledger(spark, fetched)).hasSize(4);
      try (Stream<Path> files = Files.walk(fetched)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .noneMatch(name -> name.startsWith(".") && !name.endsWith(".crc"))
            .contains("status.json", "references.txt");
      }
    }
  }

  /** Nights after the first: without a change, with a worse frontier, and with a better one. */
  private void nights(Programs programs, Path conf, FileSystem hdfs) throws Exception {
    Map<String, List<Long>> store = store(hdfs);

    assertThat(night(programs, conf, hdfs)).as(this::logs).isZero();
    assertThat(lastNight()).contains("on the same validation examples");
    assertThat(lastNight())
        .containsPattern("0 better, 0 worse, \\d+ the same within chance; 0 gained, 0 lost");
    assertThat(store(hdfs)).isEqualTo(store);
    SweepStatus status =
        StatusFile.read(
            new SweepFolder(new org.apache.hadoop.fs.Path(root(hdfs) + "/sweep"), hdfs.getConf()));
    assertThat(status.state()).isEqualTo(SweepStatus.State.DONE);
    assertThat(status.stagesDone()).isEqualTo(status.stages()).isPositive();
    assertThat(status.stageSeconds().values()).containsOnly(0.0);

    // Without training files can be a little smaller, so none is made that could be the smallest.
    assertThat(
            night(
                programs,
                conf,
                hdfs,
                "space.sparsity=[0.9]",
                "student={ epochs = 0, quantize.epochs = 0 }"))
        .as(this::logs)
        .isEqualTo(3);
    assertThat(lastNight()).containsPattern("0 better, [1-9]\\d* worse, ");
    Map<String, List<Long>> grown = store(hdfs);
    assertThat(grown).containsAllEntriesOf(store).hasSizeGreaterThan(store.size());

    assertThat(night(programs, conf, hdfs)).as(this::logs).isZero();
    assertThat(lastNight()).containsPattern("[1-9]\\d* better, 0 worse, ");
    assertThat(store(hdfs)).isEqualTo(grown);
  }

  private int night(Programs programs, Path conf, FileSystem hdfs, String... overrides)
      throws Exception {
    String root = root(hdfs);
    List<String> command =
        new ArrayList<>(
            List.of(
                SmallSweep.ROOT.resolve("deploy/bin/nightly").toString(),
                root + "/sweep.conf",
                root + "/sweep"));
    settings(root, overrides).forEach(setting -> command.addAll(List.of("--set", setting)));
    Path home = folder.resolve("spark-home");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("PARE_MEMORY", "768m");
    // Executors come while the driver reads the data.
    builder
        .environment()
        .put(
            "PARE_SUBMIT_OPTIONS",
            String.join(" ", options(home))
                + " --num-executors 1 --conf spark.scheduler.minRegisteredResourcesRatio=0");
    builder.environment().put("HADOOP_CONF_DIR", conf.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Files.deleteIfExists(folder.resolve("night.log"));
    return Programs.await(
        programs.start(folder.resolve("night.log"), builder), Duration.ofSeconds(200));
  }

  private String lastNight() {
    return Programs.text(folder.resolve("night.log"));
  }

  /** Size and time of every file in the store. */
  private static Map<String, List<Long>> store(FileSystem hdfs) throws IOException {
    Map<String, List<Long>> files = new TreeMap<>();
    RemoteIterator<LocatedFileStatus> all =
        hdfs.listFiles(new org.apache.hadoop.fs.Path(root(hdfs) + "/sweep/store"), true);
    while (all.hasNext()) {
      LocatedFileStatus file = all.next();
      files.put(file.getPath().toString(), List.of(file.getLen(), file.getModificationTime()));
    }
    assertThat(files).isNotEmpty();
    return files;
  }

  private static String root(FileSystem hdfs) {
    return hdfs.getUri() + "/pare";
  }

  private String yarn() throws Exception {
    return MavenClasspath.of("yarn-client", folder);
  }

  private static void put(FileSystem hdfs, Path from, String to) throws Exception {
    FileUtil.copy(from.toFile(), hdfs, new org.apache.hadoop.fs.Path(to), false, hdfs.getConf());
  }

  private ProcessBuilder submit(Path conf, String root, String classpath) throws Exception {
    Path home = SparkHome.create(folder.resolve("spark-home"), classpath);
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/spark-submit").toString()));
    command.addAll(options(home));
    command.addAll(
        List.of(
            "--class",
            "dev.pare.cli.Main",
            "--driver-memory",
            "768m",
            "--num-executors",
            "2",
            Programs.JAR.toString(),
            "sweep",
            root + "/sweep.conf"));
    settings(root).forEach(setting -> command.addAll(List.of("--set", setting)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("HADOOP_CONF_DIR", conf.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  private static List<String> options(Path home) {
    List<String> options = new ArrayList<>(common(home));
    // Containers do not have this environment, whose kernel embedded Spark computes with.
    Optional.ofNullable(System.getenv(KERNEL))
        .ifPresent(
            kernel ->
                Stream.of("spark.executorEnv.", "spark.yarn.appMasterEnv.")
                    .forEach(
                        prefix ->
                            options.addAll(List.of("--conf", prefix + KERNEL + "=" + kernel))));
    return options;
  }

  private static List<String> common(Path home) {
    return List.of(
        "--master",
        "yarn",
        "--deploy-mode",
        "cluster",
        "--executor-memory",
        "768m",
        "--executor-cores",
        "1",
        "--conf",
        "spark.ui.enabled=false",
        "--conf",
        "spark.executorEnv.OMP_NUM_THREADS=1",
        "--conf",
        "spark.yarn.appMasterEnv.OMP_NUM_THREADS=1",
        "--conf",
        "spark.yarn.jars=local:" + home.resolve("jars") + "/*");
  }

  private static List<String> settings(String root, String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(SPACE, "data-dir=" + root + "/data", "sweep.out=" + root + "/sweep"));
    settings.addAll(List.of(more));
    return settings;
  }

  /** What spark-submit said, and the containers. */
  private String logs() {
    try (Stream<Path> files = Files.walk(folder)) {
      return Programs.text(folder.resolve("submit.log"))
          + lastNight()
          + files
              .filter(file -> file.endsWith("stderr") || file.endsWith("stdout"))
              .map(Programs::text)
              .collect(Collectors.joining("\n---\n"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
