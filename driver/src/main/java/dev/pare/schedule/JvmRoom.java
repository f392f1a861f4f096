package dev.pare.schedule;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * What a JVM that runs tasks has.
 *
 * @param heapBytes its heap
 * @param slots how many tasks it runs at once
 * @param settings what makes the one larger and the other fewer
 */
public record JvmRoom(long heapBytes, int slots, String settings) {
  /** Of the JVMs that a context's tasks run in. */
  public static JvmRoom of(SparkContext spark) {
    if (spark.isLocal()) {
      int slots =
          spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
      return new JvmRoom(
          Runtime.getRuntime().maxMemory(),
          slots,
          "set PARE_MEMORY higher, or take fewer slots with --master local[N]");
    }
    // The driver is among them.
    int executors = spark.getExecutorMemoryStatus().size() - 1;
    int tasks =
        spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
    return ofExecutors(spark.conf(), executors, tasks);
  }

  /**
   * Of executors. Where it is not said how many cores they have, a standalone worker gives them all
   * of its own: those that are there tell.
   *
   * @param executors how many are there
   * @param tasks how many they run at once, all together
   */
  static JvmRoom ofExecutors(SparkConf conf, int executors, int tasks) {
    int cpus = conf.getInt("spark.task.cpus", 1);
    int slots = executors > 0 ? (tasks + executors - 1) / executors : 1;
    if (conf.contains("spark.executor.cores")) {
      slots = conf.getInt("spark.executor.cores", 1) / cpus;
    }
    return new JvmRoom(
        conf.getSizeAsBytes("spark.executor.memory", "1g"),
        Math.max(1, slots),
        "set spark.executor.memory higher, or spark.executor.cores lower");
  }
}
