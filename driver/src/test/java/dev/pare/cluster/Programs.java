package dev.pare.cluster;

import dev.pare.SmallSweep;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The jar as processes of their own, as people run it. Closing ends them all. */
final class Programs implements AutoCloseable {
  /** What {@code mvn package} builds. */
  static final Path JAR = SmallSweep.ROOT.resolve("driver/target/pare.jar");

  private final List<Process> processes = new ArrayList<>();

  /** The jars of the Spark that the launcher embeds, as a class path. */
  static String sparkClasspath() throws IOException {
    return Files.readString(SmallSweep.ROOT.resolve("driver/target/embedded-spark.classpath"))
        .strip();
  }

  /** Starts a command of Pare with embedded Spark; its output goes to the end of {@code log}. */
  Process pare(Path log, List<String> arguments) throws IOException {
    return pare(log, "", List.of(), arguments);
  }

  /**
   * Starts a command of Pare with embedded Spark.
   *
   * @param more class path beside Spark's
   * @param flags for Java
   */
  Process pare(Path log, String more, List<String> flags, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    // A shell that runs the tests in the background may have them ignore Ctrl-C.
    command.addAll(List.of("env", "--default-signal=INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--add-opens") || flag.startsWith("-Djdk."))
        .forEach(command::add);
    command.add("-Dlog4j2.configurationFile=" + SmallSweep.ROOT.resolve("conf/log4j2.properties"));
    command.addAll(flags);
    String classpath = JAR + File.pathSeparator + sparkClasspath();
    command.addAll(
        List.of(
            "-Xmx1g", "-cp", more.isEmpty() ? classpath : classpath + File.pathSeparator + more));
    command.add("dev.pare.cli.Main");
    command.addAll(arguments);
    return start(log, new ProcessBuilder(command));
  }

  /** Starts a process; its output goes to the end of {@code log}. */
  Process start(Path log, ProcessBuilder builder) throws IOException {
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    processes.add(process);
    return process;
  }

  /** Waits for the end of a process and returns its exit code. */
  static int await(Process process, Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException(process.info().command() + " did not end");
    }
    return process.exitValue();
  }

  /** Waits until something is so; false if the process has ended before. */
  static boolean await(Process process, BooleanSupplier wanted) throws InterruptedException {
    while (!wanted.getAsBoolean()) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
        return wanted.getAsBoolean();
      }
    }
    return true;
  }

  /** What Ctrl-C does. */
  static void interrupt(Process process) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
  }

  /** What a log says; empty where there is none yet. */
  static String text(Path log) {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
