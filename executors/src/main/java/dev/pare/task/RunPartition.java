package dev.pare.task;

import static java.util.Objects.requireNonNull;

import dev.pare.pipeline.StageTask;
import java.io.Serializable;
import org.apache.spark.api.java.function.Function;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/**
 * A function of a stage task as one of a partition of {@link StageTasks}, its result as {@link
 * JavaBytes}.
 */
public final class RunPartition extends AbstractFunction1<Iterator<StageTask>, byte[]>
    implements Serializable {
  private static final long serialVersionUID = 1;

  private final Function<StageTask, TaskResult> function;

  public RunPartition(Function<StageTask, TaskResult> function) {
    this.function = requireNonNull(function, "function is null");
  }

  @Override
  public byte[] apply(Iterator<StageTask> partition) {
    try {
      return JavaBytes.of(function.call(partition.next()));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
