package dev.pare.cluster;

import java.io.IOException;
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
import scala.util.Properties$;

/**
 * A master and workers of one core each, every one a process of its own on 127.0.0.1, with a Spark
 * home made of the class path that the launcher embeds. Closing ends them all.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";
  private static final Pattern REGISTERED = Pattern.compile("Registering worker ");

  /** The Scala of the class path, without the release of its library. */
  private static final String SCALA =
      Properties$.MODULE$.versionNumberString().replaceFirst("\\.\\d+$", "");

  private final Path folder;
  private final Path home;
  private final List<Process> processes = new ArrayList<>();
  private final List<Process> workers = new ArrayList<>();
  private final String master;

  /**
   * @param folder an empty one, for all that Spark writes
   * @param sparkClasspath the jars of a Spark installation, as a class path
   */
  StandaloneCluster(Path folder, String sparkClasspath, int workers) throws Exception {
    this.folder = folder;
    this.home = SparkHome.create(folder.resolve("spark-home"), sparkClasspath);
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
    Process process = submit(log, arguments);
    if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("spark-submit did not end: " + Files.readString(log));
    }
    return process.exitValue();
  }

  /**
   * Starts Pare by spark-submit in client mode, on two executors of one core; its output goes to
   * {@code log}.
   *
   * @param arguments more options, the jar, and Pare's arguments
   */
  Process submit(Path log, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    // A shell that runs the tests in the background may have them ignore Ctrl-C.
    command.addAll(List.of("env", "--default-signal=INT"));
    command.add(home.resolve("bin/spark-submit").toString());
    command.addAll(List.of("--master", master, "--deploy-mode", "client"));
    command.addAll(List.of("--class", "dev.pare.cli.Main", "--driver-memory", "1g"));
    command.addAll(List.of("--executor-memory", "1g", "--executor-cores", "1"));
    command.addAll(List.of("--conf", "spark.cores.max=2", "--conf", "spark.ui.enabled=false"));
    command.addAll(List.of("--conf", "spark.executorEnv.OMP_NUM_THREADS=1"));
    command.addAll(arguments);
    return start(log, command);
  }

  /** The workers' processes. */
  List<Process> workers() {
    return workers;
  }

  /** The processes that run tasks. */
  List<ProcessHandle> executors() {
    return workers.stream()
        .flatMap(Process::descendants)
        .filter(process -> process.info().commandLine().orElse("").contains(EXECUTOR))
        .toList();
  }

  /** The process of the executor with Spark's id. */
  ProcessHandle executor(String id) {
    String argument = " --executor-id " + id + " ";
    return executors().stream()
        .filter(process -> process.info().commandLine().orElse("").contains(argument))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no executor " + id + " runs"));
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
    Process process = start(log, command);
    if (type.endsWith("Worker")) {
      workers.add(process);
    }
    return log;
  }

  private Process start(Path log, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put("SPARK_HOME", home.toString());
    environment.put("SPARK_SCALA_VERSION", SCALA);
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
