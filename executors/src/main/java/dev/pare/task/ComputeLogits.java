package dev.pare.task;

import static java.util.Objects.requireNonNull;

import dev.pare.pipeline.MissingProductException;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes the teacher's logits on an executor, once for all students. Says whether it could: not
 * if the teacher is missing from the store or damaged.
 */
public final class ComputeLogits implements Function<Integer, Boolean> {
  private static final long serialVersionUID = 1;

  private static final Logger LOG = LoggerFactory.getLogger(ComputeLogits.class);

  private final DistillationDataSource source;
  private final Broadcast<SerializableConfiguration> hadoop;

  public ComputeLogits(DistillationDataSource source, Broadcast<SerializableConfiguration> hadoop) {
    this.source = requireNonNull(source, "source is null");
    this.hadoop = requireNonNull(hadoop, "hadoop is null");
  }

  @Override
  public Boolean call(Integer anything) {
    try {
      ExecutorResources.distillation(source, hadoop.value().value());
      return true;
    } catch (MissingProductException e) {
      LOG.warn("{}", e.getMessage());
      return false;
    }
  }
}
