package dev.pare.run;

import dev.pare.candidate.ArchitectureForm;
import dev.pare.candidate.StageSettings;
import dev.pare.plan.StageTree;
import dev.pare.plan.StageTree.Stage;
import dev.pare.plan.TaskMemory;
import dev.pare.plan.Workload;
import dev.pare.report.ByteSize;
import dev.pare.schedule.JvmRoom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns before hours are spent of a heap that the tasks of a JVM will not fit into. */
final class MemoryCheck {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryCheck.class);

  private final SparkContext spark;
  private final Workload workload;

  /** What tells the memory of all stages so far, by the layers that their students began with. */
  private final Map<Optional<ArchitectureForm>, List<StageSettings>> telling = new HashMap<>();

  private long warnedBytes;

  MemoryCheck(SparkContext spark, Workload workload) {
    this.spark = spark;
    this.workload = workload;
  }

  /**
   * Of stages that are about to run, beside those of before, whose activations students may have;
   * unless as much was warned of.
   */
  void check(List<Stage> more) {
    StageTree.settingsByStart(more)
        .forEach(
            (start, settings) -> {
              List<StageSettings> stages = new ArrayList<>(telling.getOrDefault(start, List.of()));
              stages.addAll(settings);
              telling.put(start, TaskMemory.telling(workload.startingWith(start), stages));
            });
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
