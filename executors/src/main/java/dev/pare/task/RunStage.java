package dev.pare.task;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Provenance;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.StageRunner;
import dev.pare.pipeline.StageTask;
import dev.pare.train.TrainingDevice;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a stage task on an executor.
 *
 * <p>Nothing is thrown but to a task that was killed: one Spark job holds several tasks, and what
 * one of them throws would end the others. The driver decides which are tried again.
 */
public final class RunStage implements Function<StageTask, TaskResult> {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(RunStage.class);

  private final DistillationDataSource source;
  private final Broadcast<SerializableConfiguration> hadoop;

  public RunStage(DistillationDataSource source, Broadcast<SerializableConfiguration> hadoop) {
    this.source = requireNonNull(source, "source is null");
    this.hadoop = requireNonNull(hadoop, "hadoop is null");
  }

  @Override
  public TaskResult call(StageTask task) {
    Provenance provenance = LocalProvenance.provenance(task.key().seed());
    try {
      Configuration configuration = hadoop.value().value();
      TrainingDevice device = TaskDevice.of(source.engine());
      Provenance own = device == null ? provenance : provenance.withDevice(device.description());
      return TaskResult.of(
          new StageRunner(
                  new HadoopStageStore(source.store(), configuration),
                  ExecutorResources.distillation(source, configuration).on(device),
                  ExecutorResources.cache(configuration),
                  task,
                  own)
              .run());
    } catch (Throwable e) { // An executor without natives or memory throws errors.
      TaskContext context = TaskContext.get();
      if (context != null && context.isInterrupted()) {
        throw e;
      }
      TransientFailure failure = TransientFailure.of(e, provenance.executor());
      String key = task.key().abbreviated();
      if (failure.missing() != null) {
        LOG.info("stage task {} waits for what is missing: {}", key, failure.message());
      } else {
        switch (failure.kind()) {
          case STORAGE -> LOG.warn("stage task {}: the storage failed: {}", key, failure.message());
          case MEMORY, OTHER -> LOG.warn("stage task {} failed for want of resources", key, e);
        }
      }
      return TaskResult.of(failure);
    }
  }
}
