package dev.pare.run;

import dev.pare.candidate.StageSettings;
import dev.pare.plan.TaskMemory;
import dev.pare.plan.Workload;
import dev.pare.report.ByteSize;
import dev.pare.schedule.JvmRoom;
import java.util.Collection;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns before hours are spent of a heap that the tasks of a JVM will not fit into. */
final class MemoryCheck {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryCheck.class);

  private final SparkContext spark;
  private final Workload workload;
  private long warnedBytes;

  MemoryCheck(SparkContext spark, Workload workload) {
    this.spark = spark;
    this.workload = workload;
  }

  /** Of stages that are about to run, unless as much was warned of before. */
  void check(Collection<StageSettings> stages) {
    JvmRoom room = JvmRoom.of(spark);
    long needed = TaskMemory.of(workload, stages).heapBytes(room.slots());
    if (needed > room.heapBytes() && needed > warnedBytes) {
      warnedBytes = needed;
      LOG.warn(
          "{} tasks at once will take about {} of heap, and there are {}: {}",
          room.slots(),
          ByteSize.format(needed),
          ByteSize.format(room.heapBytes()),
          room.settings());
    }
  }
}
