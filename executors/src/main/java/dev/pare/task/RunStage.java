package dev.pare.task;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Provenance;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageRunner;
import dev.pare.pipeline.StageTask;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Runs a stage task on an executor. */
public final class RunStage implements Function<StageTask, StageReport> {
  private static final long serialVersionUID = 1;

  private final LessonsSource source;
  private final Broadcast<SerializableConfiguration> hadoop;

  public RunStage(LessonsSource source, Broadcast<SerializableConfiguration> hadoop) {
    this.source = requireNonNull(source, "source is null");
    this.hadoop = requireNonNull(hadoop, "hadoop is null");
  }

  @Override
  public StageReport call(StageTask task) {
    Configuration configuration = hadoop.value().value();
    Provenance provenance = Here.provenance(task.key().seed());
    return new StageRunner(
            new HadoopStageStore(source.store(), configuration),
            ExecutorResources.lessons(source, configuration),
            ExecutorResources.cache(configuration))
        .run(task, provenance);
  }
}
