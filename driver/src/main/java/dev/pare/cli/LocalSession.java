package dev.pare.cli;

import org.apache.spark.sql.SparkSession;

/** Spark on this machine alone, for commands that read what sweeps have left. */
final class LocalSession {
  private LocalSession() {}

  static SparkSession open(String name) {
    return SparkSession.builder()
        .appName(name)
        .master("local[1]")
        // Whatever a cluster's tasks need: here there is one processor.
        .config("spark.task.cpus", "1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate();
  }
}
