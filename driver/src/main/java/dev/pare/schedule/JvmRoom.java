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
    return ofExecutors(spark.conf());
  }

  /** Of executors; where it is not said how many cores they have, one. */
  static JvmRoom ofExecutors(SparkConf conf) {
    int cores = conf.getInt("spark.executor.cores", 1);
    int cpus = conf.getInt("spark.task.cpus", 1);
    return new JvmRoom(
        conf.getSizeAsBytes("spark.executor.memory", "1g"),
        Math.max(1, cores / cpus),
        "set spark.executor.memory higher, or spark.executor.cores lower");
  }
}
