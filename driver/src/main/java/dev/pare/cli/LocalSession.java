package dev.pare.cli;

import dev.pare.schedule.SparkRelease;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;

/** Spark on this machine alone. */
final class LocalSession {
  private static final String TASK_CPUS = "spark.task.cpus";

  private static final Pattern MASTER = Pattern.compile("local(?:\\[(\\d{1,6}|\\*)(?:,.*)?\\])?");

  private LocalSession() {}

  /**
   * Lets a task have no more processors than a master of this machine has: Spark would not start.
   * Other masters are left as they are.
   */
  static void limitTaskCpus(SparkSession.Builder builder, String master) {
    Matcher local = MASTER.matcher(master);
    if (!local.matches()) {
      return;
    }
    String threads = local.group(1) == null ? "1" : local.group(1);
    int most =
        threads.equals("*")
            ? Runtime.getRuntime().availableProcessors()
            : Integer.parseInt(threads);
    if (Integer.getInteger(TASK_CPUS, 1) > most) {
      builder.config(TASK_CPUS, most);
    }
  }

  /**
   * For commands that read what sweeps have left.
   *
   * @throws dev.pare.schedule.SparkMisfitException if the jar cannot run on this Spark
   */
  static SparkSession open(String name) {
    SparkRelease.checkJvm();
    return SparkSession.builder()
        .appName(name)
        .master("local[1]")
        // Whatever a cluster's tasks need: here there is one processor.
        .config(TASK_CPUS, "1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate();
  }
}
