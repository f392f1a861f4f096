package dev.pare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.LocalSpark;
import dev.pare.SmallSweep;
import dev.pare.Sweep;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar on YARN in cluster mode, with all files on HDFS; needs what {@code mvn package} builds.
 */
@Timeout(600)
class YarnIT {
  private static final String SPACE = "space={ sparsity = [0.5, 0.9], bits = [2, 4] }";

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
  void aSweepInClusterModeWithEverythingOnHdfsGivesTheBytesOfTheEmbeddedOne() throws Exception {
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
        String root = hdfs.getUri() + "/pare";
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

  private String yarn() throws Exception {
    return MavenClasspath.of("yarn-client", folder);
  }

  private static void put(FileSystem hdfs, Path from, String to) throws Exception {
    FileUtil.copy(from.toFile(), hdfs, new org.apache.hadoop.fs.Path(to), false, hdfs.getConf());
  }

  private ProcessBuilder submit(Path conf, String root, String classpath) throws Exception {
    Path home = SparkHome.create(folder.resolve("spark-home"), classpath);
    ProcessBuilder builder =
        new ProcessBuilder(
            home.resolve("bin/spark-submit").toString(),
            "--master",
            "yarn",
            "--deploy-mode",
            "cluster",
            "--class",
            "dev.pare.cli.Main",
            "--driver-memory",
            "768m",
            "--executor-memory",
            "768m",
            "--num-executors",
            "2",
            "--executor-cores",
            "1",
            "--conf",
            "spark.ui.enabled=false",
            "--conf",
            "spark.executorEnv.OMP_NUM_THREADS=1",
            "--conf",
            "spark.yarn.appMasterEnv.OMP_NUM_THREADS=1",
            "--conf",
            "spark.yarn.jars=local:" + home.resolve("jars") + "/*",
            Programs.JAR.toString(),
            "sweep",
            root + "/sweep.conf",
            "--set",
            SPACE,
            "--set",
            "data-dir=" + root + "/data",
            "--set",
            "sweep.out=" + root + "/sweep");
    builder.environment().put("HADOOP_CONF_DIR", conf.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  /** What spark-submit said, and the containers. */
  private String logs() {
    try (Stream<Path> files = Files.walk(folder)) {
      return Programs.text(folder.resolve("submit.log"))
          + files
              .filter(file -> file.endsWith("stderr") || file.endsWith("stdout"))
              .map(Programs::text)
              .collect(Collectors.joining("\n---\n"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
