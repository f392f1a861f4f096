package dev.pare.task;

import static java.util.Objects.requireNonNull;

import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.TeacherStage;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Computes the teacher's logits on an executor, once for all students. */
public final class ComputeLogits implements Function<LessonsSource, Boolean> {
  private static final long serialVersionUID = 1;

  private final Broadcast<SerializableConfiguration> hadoop;

  public ComputeLogits(Broadcast<SerializableConfiguration> hadoop) {
    this.hadoop = requireNonNull(hadoop, "hadoop is null");
  }

  @Override
  public Boolean call(LessonsSource source) {
    TaskDevice.use();
    Configuration configuration = hadoop.value().value();
    TeacherStage.computeLogits(
        new HadoopStageStore(source.store(), configuration),
        source.teacher(),
        ExecutorResources.examples(source, configuration));
    return true;
  }
}
