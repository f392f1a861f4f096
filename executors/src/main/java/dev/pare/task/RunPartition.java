package dev.pare.task;

import static java.util.Objects.requireNonNull;

import dev.pare.pipeline.StageTask;
import java.io.Serializable;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
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

  /** Of this JVM's tasks; fair, so that one that is to run alone gets its turn. */
  private static final ReentrantReadWriteLock RUNNING = new ReentrantReadWriteLock(true);

  private final Function<StageTask, TaskResult> function;
  private final Company company;

  /** Who else may use an executor's memory meanwhile. */
  public enum Company {
    /** As many tasks as there are slots. */
    OTHERS,
    /** No other stage task: the task waits until those that run have ended. */
    NOBODY
  }

  public RunPartition(Function<StageTask, TaskResult> function, Company company) {
    this.function = requireNonNull(function, "function is null");
    this.company = requireNonNull(company, "company is null");
  }

  @Override
  public byte[] apply(Iterator<StageTask> partition) {
    Lock lock =
        switch (company) {
          case OTHERS -> RUNNING.readLock();
          case NOBODY -> RUNNING.writeLock();
        };
    try {
      lock.lockInterruptibly();
      try {
        return JavaBytes.of(function.call(partition.next()));
      } finally {
        lock.unlock();
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
