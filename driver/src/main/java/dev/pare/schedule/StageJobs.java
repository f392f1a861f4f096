package dev.pare.schedule;

import dev.pare.pipeline.StageTask;
import dev.pare.plan.TaskTree.Task;
import dev.pare.task.JavaBytes;
import dev.pare.task.RunPartition;
import dev.pare.task.RunPartition.Company;
import dev.pare.task.ScalaSequences;
import dev.pare.task.StageTasks;
import dev.pare.task.TaskResult;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.ExecutionContext$;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * Stage tasks as Spark jobs, submitted from one thread and never waited for. A job may hold several
 * tasks, as its partitions: each is heard of as it finishes, so that none waits for the others,
 * while most of what a job costs the driver is paid once.
 */
final class StageJobs implements AutoCloseable {
  private static final ExecutionContext HERE =
      ExecutionContext$.MODULE$.fromExecutor(Runnable::run);

  private final JavaSparkContext spark;
  private final Function<StageTask, TaskResult> runStage;
  private final Optional<Duration> stageTimeout;
  private final Watchdog watchdog = new Watchdog();
  private final String group = "pare " + UUID.randomUUID();
  private final JobProperties properties;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  StageJobs(
      JavaSparkContext spark,
      Function<StageTask, TaskResult> runStage,
      String sweep,
      Optional<Duration> stageTimeout) {
    this.spark = spark;
    this.runStage = runStage;
    this.stageTimeout = stageTimeout;
    this.properties = new JobProperties(spark, group, "pare-" + sweep);
    stageTimeout.ifPresent(timeout -> spark.sc().addSparkListener(watchdog));
  }

  /**
   * A task that is with Spark no more.
   *
   * @param result what came back
   * @param lost why nothing did
   */
  record Event(Task task, @Nullable TaskResult result, @Nullable Throwable lost) {}

  /** Whether each task must have a job of its own, as only jobs can be stopped. */
  boolean oneByOne() {
    return stageTimeout.isPresent();
  }

  /** Hands tasks to Spark, in this order. */
  void submit(List<Task> tasks, Company company) {
    properties.describe(TaskLabel.of(tasks));
    stageTimeout.ifPresent(
        timeout -> properties.limit(timeout.toMillis() * tasks.get(0).stages().size()));
    List<Object> partitions = new ArrayList<>(tasks.size());
    for (int i = 0; i < tasks.size(); i++) {
      partitions.add(i);
    }
    SparkContext context = spark.sc();
    AtomicReferenceArray<Task> open =
        new AtomicReferenceArray<>(tasks.toArray(new Task[tasks.size()]));
    SimpleFutureAction<BoxedUnit> job =
        context.submitJob(
            new StageTasks(context, tasks.stream().map(Task::toStageTask).toList()),
            new RunPartition(runStage, company),
            ScalaSequences.list(partitions),
            new ResultHandler(open, events),
            new Nothing());
    job.onComplete(new Ending(open, events, job, watchdog), HERE);
  }

  /** The next event within some time, if there is one. Stops what takes too long meanwhile. */
  @Nullable Event poll(long nanos) throws InterruptedException {
    if (stageTimeout.isPresent()) {
      for (int job : watchdog.overdue()) {
        spark
            .sc()
            .cancelJob(
                job,
                "after "
                    + stageTimeout.get().toMillis() / 1000.0
                    + " seconds a stage (sweep.stage-timeout)");
      }
    }
    return events.poll(nanos, TimeUnit.NANOSECONDS);
  }

  /** Cancels what is still running. */
  @Override
  public void close() {
    properties.close();
    if (stageTimeout.isPresent()) {
      spark.sc().removeSparkListener(watchdog);
    }
    if (!spark.sc().isStopped()) {
      spark.cancelJobGroup(group);
    }
  }

  /** Called by Spark's scheduler as partitions finish. */
  private static final class ResultHandler extends AbstractFunction2<Object, byte[], BoxedUnit>
      implements Serializable {
    private static final long serialVersionUID = 1;

    private final transient AtomicReferenceArray<Task> open;
    private final transient BlockingQueue<Event> events;

    ResultHandler(AtomicReferenceArray<Task> open, BlockingQueue<Event> events) {
      this.open = open;
      this.events = events;
    }

    @Override
    public BoxedUnit apply(Object partition, byte[] result) {
      Task task = open.getAndSet((Integer) partition, null);
      if (task != null) {
        events.add(new Event(task, JavaBytes.read(result, TaskResult.class), null));
      }
      return BoxedUnit.UNIT;
    }
  }

  /** Called as the job ends: what has no result yet is lost. */
  private static final class Ending extends AbstractFunction1<Try<BoxedUnit>, BoxedUnit> {
    private final AtomicReferenceArray<Task> open;
    private final BlockingQueue<Event> events;
    private final SimpleFutureAction<BoxedUnit> job;
    private final Watchdog watchdog;

    Ending(
        AtomicReferenceArray<Task> open,
        BlockingQueue<Event> events,
        SimpleFutureAction<BoxedUnit> job,
        Watchdog watchdog) {
      this.open = open;
      this.events = events;
      this.job = job;
      this.watchdog = watchdog;
    }

    @Override
    public BoxedUnit apply(Try<BoxedUnit> end) {
      ScalaSequences.javaList(job.jobIds()).forEach(id -> watchdog.ended((Integer) id));
      for (int i = 0; i < open.length(); i++) {
        Task task = open.getAndSet(i, null);
        if (task != null) {
          Throwable cause =
              end.isFailure()
                  ? end.failed().get()
                  : new IllegalStateException("the job ended without a result");
          events.add(new Event(task, null, cause));
        }
      }
      return BoxedUnit.UNIT;
    }
  }

  private static final class Nothing extends AbstractFunction0<BoxedUnit> {
    @Override
    public BoxedUnit apply() {
      return BoxedUnit.UNIT;
    }
  }
}
