package dev.pare.zeppelin;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.SmallSweep;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Zeppelin server on 127.0.0.1 whose Spark interpreter has the jar on its class path. Closing
 * ends it and its interpreters.
 */
final class ZeppelinServer implements AutoCloseable {
  private static final Path BUILT = SmallSweep.ROOT.resolve("driver/target");
  private static final Path ZEPPELIN = BUILT.resolve("it/zeppelin/target");
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path log;
  private final URI api;
  private final Process process;

  /**
   * @param home an empty folder
   */
  ZeppelinServer(Path home) throws Exception {
    for (String folder : List.of("bin", "conf", "interpreter", "logs", "notebook", "web")) {
      Files.createDirectories(home.resolve(folder));
    }
    Files.writeString(home.resolve("web/index.html"), "<html></html>");
    link(ZEPPELIN.resolve("lib"), home.resolve("lib"));
    try (Stream<Path> interpreters = Files.list(ZEPPELIN.resolve("interpreter"))) {
      for (Path jar : interpreters.filter(Files::isRegularFile).toList()) {
        link(jar, home.resolve("interpreter").resolve(jar.getFileName()));
      }
    }
    for (String interpreter : List.of("spark", "md")) {
      Path folder = Files.createDirectory(home.resolve("interpreter").resolve(interpreter));
      try (Stream<Path> jars = Files.list(ZEPPELIN.resolve("interpreter").resolve(interpreter))) {
        for (Path jar : jars.toList()) {
          link(jar, folder.resolve(jar.getFileName()));
        }
      }
    }
    // The Spark interpreter looks here for what it finds on its class path.
    Files.createDirectory(home.resolve("interpreter/spark/scala-2.12"));
    copy("interpreter-setting.json", home.resolve("interpreter/spark"));
    copy("log4j.properties", home.resolve("conf"));
    copy("log4j2.properties", home.resolve("conf"));
    Path script = copy("interpreter.sh", home.resolve("bin"));
    Files.setPosixFilePermissions(script, fromString("rwxr-xr-x"));
    log = home.resolve("logs/server.log");
    int port = freePort();
    api = URI.create("http://127.0.0.1:" + port + "/api/");
    process = start(home, port);
    try {
      awaitReady();
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  private static void link(Path target, Path link) throws IOException {
    Files.createSymbolicLink(link, target);
  }

  private static Path copy(String resource, Path folder) throws IOException {
    Path file = folder.resolve(resource);
    try (InputStream in = ZeppelinServer.class.getResourceAsStream(resource)) {
      Files.copy(requireNonNull(in, resource), file);
    }
    return file;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private Process start(Path home, int port) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-Xmx512m"));
    Map.of(
            "home",
            home.toString(),
            "server.addr",
            "127.0.0.1",
            "server.port",
            String.valueOf(port),
            "war",
            home.resolve("web").toString(),
            "angular.war",
            home.resolve("web").toString(),
            "notebook.storage",
            "org.apache.zeppelin.notebook.repo.VFSNotebookRepo",
            "notebook.dir",
            home.resolve("notebook").toString(),
            "search.enable",
            "false",
            "run.mode",
            "local",
            "interpreter.connect.timeout",
            "120000")
        .forEach((key, value) -> command.add("-Dzeppelin." + key + "=" + value));
    command.addAll(
        List.of(
            "-cp",
            home.resolve("conf") + ":" + home.resolve("lib") + "/*",
            "org.apache.zeppelin.server.ZeppelinServer"));
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    Map<String, String> environment = builder.environment();
    environment.remove("SPARK_HOME");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("ZEPPELIN_HOME", home.toString());
    environment.put("ZEPPELIN_IDENT_STRING", "tests");
    environment.put("ZEPPELIN_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("OMP_NUM_THREADS", "1");
    environment.put(
        "PARE_SPARK_CLASSPATH",
        BUILT.resolve("pare.jar")
            + ":"
            + Files.readString(BUILT.resolve("embedded-spark.classpath")).strip());
    environment.put("PARE_SPARK_OPTIONS", javaOptions());
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static String javaOptions() throws IOException {
    return Files.readAllLines(SmallSweep.ROOT.resolve("conf/java17.flags")).stream()
        .filter(line -> line.startsWith("-"))
        .collect(Collectors.joining(" "));
  }

  private void awaitReady() throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        call("GET", "version", "");
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IllegalStateException(Files.readString(log), e);
        }
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }

  /**
   * Imports a note, runs it to its end and returns its paragraphs.
   *
   * @param note its JSON
   */
  JsonNode run(JsonNode note) throws Exception {
    String id = call("POST", "notebook/import", note.toString()).get("body").asText();
    call("POST", "notebook/job/" + id + "?blocking=true", "");
    return call("GET", "notebook/" + id, "").get("body").get("paragraphs");
  }

  private JsonNode call(String method, String path, String body) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(api.resolve(path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(path + ": " + response.statusCode() + " " + response.body());
    }
    return MAPPER.readTree(response.body());
  }

  /** Ends every process that was started here, and those that they started. */
  @Override
  public void close() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroy);
    CompletableFuture.allOf(
            all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
        .completeOnTimeout(null, 10, TimeUnit.SECONDS)
        .join();
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
