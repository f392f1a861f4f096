package dev.pare.run;

import dev.pare.candidate.StageSettings;
import dev.pare.plan.TaskMemory;
import dev.pare.plan.Workload;
import dev.pare.report.ByteSize;
import dev.pare.schedule.JvmRoom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns before hours are spent of a heap that the tasks of a JVM will not fit into. */
final class MemoryCheck {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryCheck.class);

  private final SparkContext spark;
  private final Workload workload;

  /** What tells the memory of all stages so far. */
  private List<StageSettings> telling = List.of();

  private long warnedBytes;

  MemoryCheck(SparkContext spark, Workload workload) {
    this.spark = spark;
    this.workload = workload;
  }

  /**
   * Of stages that are about to run, beside those of before, whose activations students may have;
   * unless as much was warned of.
   */
  void check(Collection<StageSettings> more) {
    List<StageSettings> stages = new ArrayList<>(telling);
    stages.addAll(more);
    telling = TaskMemory.telling(workload, stages);
    JvmRoom room = JvmRoom.of(spark);
    long needed = TaskMemory.of(workload, telling).heapBytes(room.slots());
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
