package dev.pare.run;

import dev.pare.pipeline.StageTask;
import dev.pare.task.DistillationDataSource;
import dev.pare.task.TaskResult;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Makes what runs a task on executors; that returns failure rather than throw it. */
@FunctionalInterface
interface TaskFunction {
  Function<StageTask, TaskResult> of(
      DistillationDataSource source, Broadcast<SerializableConfiguration> hadoop);
}
