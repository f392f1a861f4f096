package dev.pare.task;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.TeacherTraining;
import dev.pare.graph.Architecture;
import dev.pare.pipeline.TeacherStage;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Trains a teacher in a task, which has the device that drivers need not have. */
public final class TrainTeacher implements Function<Integer, byte[]> {
  private static final long serialVersionUID = 1;

  private final DistillationDataSource source;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final Architecture architecture;
  private final TeacherTraining settings;
  private final long seed;

  public TrainTeacher(
      DistillationDataSource source,
      Broadcast<SerializableConfiguration> hadoop,
      Architecture architecture,
      TeacherTraining settings,
      long seed) {
    this.source = requireNonNull(source, "source is null");
    this.hadoop = requireNonNull(hadoop, "hadoop is null");
    this.architecture = requireNonNull(architecture, "architecture is null");
    this.settings = requireNonNull(settings, "settings is null");
    this.seed = seed;
  }

  /** The teacher's parameters. */
  @Override
  public byte[] call(Integer part) {
    Configuration configuration = hadoop.value().value();
    return JavaBytes.of(
        TeacherStage.train(
                architecture,
                settings,
                ExecutorResources.examples(source, configuration),
                ExecutorResources.originals(source, configuration),
                seed,
                TaskDevice.of(source.engine()))
            .parameters());
  }
}
