package dev.pare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.LocalSpark;
import dev.pare.SmallSweep;
import dev.pare.Sweep;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Results and store in a bucket of an S3 server; needs what {@code mvn package} builds. */
@Timeout(600)
class ObjectStoreIT {
  private static final String SPACE = "space={ sparsity = [0.5, 0.9], bits = [2, 4] }";
  private static final Duration PATIENCE = Duration.ofSeconds(300);

  @TempDir private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private URI server;

  private Process server(Programs programs) throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      server = URI.create("http://127.0.0.1:" + free.getLocalPort());
    }
    Path settings =
        Files.writeString(
            folder.resolve("s3proxy.properties"),
            """
            s3proxy.endpoint=%s
            s3proxy.authorization=none
            jclouds.provider=transient
            jclouds.identity=x
            jclouds.credential=x
            """
                .formatted(server));
    Path log = folder.resolve("s3.log");
    Process process =
        programs.start(
            log,
            new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                MavenClasspath.of("s3-server", folder),
                "org.gaul.s3proxy.Main",
                "--properties",
                settings.toString()));
    assertThat(Programs.await(process, () -> madeBucket())).as(() -> Programs.text(log)).isTrue();
    return process;
  }

  private boolean madeBucket() {
    try {
      HttpRequest put =
          HttpRequest.newBuilder(server.resolve("/bucket"))
              .PUT(HttpRequest.BodyPublishers.noBody())
              .build();
      return http.send(put, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException | InterruptedException e) {
      // It does not listen yet.
      return false;
    }
  }

  private byte[] object(String name) throws Exception {
    HttpRequest get = HttpRequest.newBuilder(server.resolve("/bucket/" + name)).build();
    return http.send(get, BodyHandlers.ofByteArray()).body();
  }

  private String list() throws Exception {
    return new String(object("?list-type=2&max-keys=1000"), StandardCharsets.UTF_8);
  }

  private List<String> flags() {
    List<String> flags = new ArrayList<>();
    for (String setting :
        List.of(
            "endpoint=" + server,
            "endpoint.region=us-east-1",
            "path.style.access=true",
            "connection.ssl.enabled=false",
            "access.key=nobody",
            "secret.key=nothing")) {
      flags.add("-Dspark.hadoop.fs.s3a." + setting);
    }
    return flags;
  }

  @Test
  void aSweepInABucketGivesTheBytesOfOneOnADiskAndIsGoneOnWith() throws Exception {
    Path disk = folder.resolve("disk/sweep");
    Path log = folder.resolve("pare.log");
    List<String> command =
        List.of(
            "sweep",
            SmallSweep.conf(disk).toString(),
            "--master",
            "local[2]",
            "--set",
            SPACE,
            "--set",
            "sweep.out=s3a://bucket/sweep");
    try (Programs programs = new Programs()) {
      server(programs);
      String client = MavenClasspath.of("s3-client", folder);
      int code = Programs.await(programs.pare(log, client, flags(), command), PATIENCE);
      assertThat(code).as(() -> Programs.text(log)).isZero();
      byte[] csv = object("sweep/frontier.csv");
      byte[] json = object("sweep/frontier.json");
      String first = list();

      code = Programs.await(programs.pare(log, client, flags(), command), PATIENCE);
      assertThat(code).as(() -> Programs.text(log)).isZero();
      assertThat(object("sweep/frontier.csv")).isEqualTo(csv);
      assertThat(keys(list())).isEqualTo(keys(first)).noneMatch(key -> key.contains("/."));
      assertThat(Programs.text(log)).contains("teacher: found in the store");

      try (SparkSession spark = LocalSpark.open(2)) {
        Sweep.run(spark, SmallSweep.spec(disk, SPACE));
        Path ledger = Files.createDirectories(folder.resolve("copy/ledger"));
        Files.write(ledger.resolve("ledger.parquet"), object("sweep/ledger/ledger.parquet"));
        assertThat(SweepFiles.ledger(spark, folder.resolve("copy"))).hasSize(4);
      }
      assertThat(csv).isEqualTo(Files.readAllBytes(disk.resolve("frontier.csv")));
      assertThat(json).isEqualTo(Files.readAllBytes(disk.resolve("frontier.json")));
      for (Path best : SmallSweep.best(disk)) {
        assertThat(object("sweep/best/" + best.getFileName())).isEqualTo(Files.readAllBytes(best));
      }
    }
  }

  private static List<String> keys(String listing) {
    List<String> keys = new ArrayList<>();
    Matcher key = Pattern.compile("<Key>([^<]+)</Key>").matcher(listing);
    while (key.find()) {
      // Every run keeps a history of its own.
      if (!key.group(1).contains("/history/")) {
        keys.add(key.group(1));
      }
    }
    assertThat(keys).isNotEmpty();
    return keys;
  }
}
