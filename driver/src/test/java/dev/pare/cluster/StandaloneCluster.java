package dev.pare.cluster;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A master and workers of one core each, every one a process of its own on 127.0.0.1, with a Spark
 * home made of the class path that the launcher embeds. Closing ends them all.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern REGISTERED = Pattern.compile("Registering worker ");

  private final Path folder;
  private final Path home;
  private final List<Process> processes = new ArrayList<>();
  private final String master;

  /**
   * @param folder an empty one, for all that Spark writes
   * @param sparkClasspath the jars of a Spark installation, as a class path
   */
  StandaloneCluster(Path folder, String sparkClasspath, int workers) throws Exception {
    this.folder = folder;
    this.home = sparkHome(folder.resolve("spark-home"), sparkClasspath);
    try {
      Path log = daemon("master", "org.apache.spark.deploy.master.Master", "--port", "0");
      this.master = await(log, MASTER, 1).group(1);
      for (int worker = 1; worker <= workers; worker++) {
        daemon(
            "worker-" + worker,
            "org.apache.spark.deploy.worker.Worker",
            "--cores",
            "1",
            "--memory",
            "2g",
            "--work-dir",
            Files.createDirectory(folder.resolve("work-" + worker)).toString(),
            master);
      }
      await(log, REGISTERED, workers);
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  /** Has {@code bin/spark-submit} and {@code jars}. */
  Path home() {
    return home;
  }

  /** Its URL. */
  String master() {
    return master;
  }

  /** Runs spark-submit to its end and returns its exit code; its output goes to {@code log}. */
  int submit(Path log, Duration patience, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/spark-submit").toString());
    command.addAll(List.of("--master", master, "--deploy-mode", "client"));
    command.addAll(arguments);
    Process process = start(log, command);
    if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("spark-submit did not end: " + Files.readString(log));
    }
    return process.exitValue();
  }

  private static Path sparkHome(Path home, String classpath) throws IOException {
    Path jars = Files.createDirectories(home.resolve("jars"));
    for (String jar : classpath.strip().split(File.pathSeparator)) {
      Path file = Path.of(jar);
      Files.createSymbolicLink(jars.resolve(file.getFileName()), file);
    }
    Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
    try (InputStream script = StandaloneCluster.class.getResourceAsStream("spark-submit")) {
      Files.copy(requireNonNull(script, "no script"), submit);
    }
    Files.setPosixFilePermissions(submit, fromString("rwxr-xr-x"));
    return home;
  }

  /** Starts one of Spark's daemons; returns its log. */
  private Path daemon(String name, String type, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-cp", home.resolve("jars") + "/*"));
    for (String module : List.of("java.base/sun.nio.ch", "java.base/java.nio")) {
      command.add("--add-opens=" + module + "=ALL-UNNAMED");
    }
    command.addAll(List.of(type, "--host", "127.0.0.1", "--webui-port", "0"));
    command.addAll(List.of(arguments));
    Path log = folder.resolve(name + ".log");
    start(log, command);
    return log;
  }

  private Process start(Path log, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put("SPARK_HOME", home.toString());
    environment.put("SPARK_SCALA_VERSION", "2.12");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_PUBLIC_DNS", "127.0.0.1");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    processes.add(process);
    return process;
  }

  /** Waits until a log has something so many times; returns the last match. */
  private Matcher await(Path log, Pattern wanted, int times) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String text = Files.readString(log);
      Matcher matcher = wanted.matcher(text);
      int found = 0;
      while (found < times && matcher.find()) {
        found++;
      }
      if (found == times) {
        return matcher;
      }
      if (System.nanoTime() > deadline || processes.stream().anyMatch(p -> !p.isAlive())) {
        throw new IllegalStateException("no \"" + wanted + "\" ×" + times + " in: " + text);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Ends every process that was started here, and those that they started. */
  @Override
  public void close() {
    List<ProcessHandle> all = new ArrayList<>();
    for (Process process : processes) {
      process.descendants().forEach(all::add);
      all.add(process.toHandle());
    }
    all.forEach(ProcessHandle::destroy);
    CompletableFuture.allOf(
            all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
        .completeOnTimeout(null, 10, TimeUnit.SECONDS)
        .join();
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
