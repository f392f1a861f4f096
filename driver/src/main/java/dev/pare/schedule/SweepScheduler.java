package dev.pare.schedule;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.StageKey;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageTask;
import dev.pare.plan.StageTree;
import dev.pare.task.Here;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a stage tree on Spark: a task becomes a Spark job of one task as soon as the one it starts
 * from is done, so that nobody waits at a barrier.
 */
public final class SweepScheduler {
  private static final Logger LOG = LoggerFactory.getLogger(SweepScheduler.class);

  /**
   * Jobs in flight a slot: enough that no slot waits for the driver, and that dynamic allocation
   * sees demand.
   */
  private static final int JOBS_PER_SLOT = 3;

  /** A tenth of a second each. */
  private static final int MOST_CANCELLINGS = 100;

  private final JavaSparkContext spark;
  private final org.apache.spark.api.java.function.Function<StageTask, StageReport> runStage;
  private final Function<StageKey, Optional<StageReport>> finished;

  /**
   * @param runStage what runs on executors
   * @param finished the report of a task that an earlier run finished, if any
   */
  public SweepScheduler(
      JavaSparkContext spark,
      org.apache.spark.api.java.function.Function<StageTask, StageReport> runStage,
      Function<StageKey, Optional<StageReport>> finished) {
    this.spark = requireNonNull(spark, "spark is null");
    this.runStage = requireNonNull(runStage, "runStage is null");
    this.finished = requireNonNull(finished, "finished is null");
  }

  /**
   * Runs all tasks of the tree that are not finished yet. A task that fails, for whatever reason,
   * fails those that wait for it and nothing else.
   *
   * @param listener told of each task's report, in the order in which they finish, on the calling
   *     thread; what it throws ends the run and cancels what runs
   * @return every task's report
   * @throws IllegalStateException if the thread is interrupted or Spark is stopped meanwhile
   */
  public Map<StageKey, StageReport> run(StageTree tree, Consumer<StageReport> listener) {
    Map<StageKey, StageReport> reports = new HashMap<>();
    Queue<StageTask> ready = new ArrayDeque<>();
    for (StageTree.Node node : tree.nodes().values()) {
      if (node.task().parent().equals(tree.root())) {
        ready.add(node.task());
      }
    }
    BlockingQueue<StageReport> done = new LinkedBlockingQueue<>();
    String group = "pare " + UUID.randomUUID();
    ExecutorService submitters = Executors.newCachedThreadPool(SweepScheduler::submitter);
    try {
      int inFlight = 0;
      while (reports.size() < tree.nodes().size()) {
        for (; !ready.isEmpty() && inFlight < mostInFlight(); inFlight++) {
          StageTask task = ready.remove();
          submitters.execute(() -> done.add(report(task, group)));
        }
        StageReport report = done.take();
        inFlight--;
        if (spark.sc().isStopped()) {
          throw new IllegalStateException("Spark was stopped while the sweep ran");
        }
        conclude(report, tree, ready, reports, listener);
      }
      return reports;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the sweep was interrupted", e);
    } finally {
      submitters.shutdownNow();
      if (reports.size() < tree.nodes().size() && !spark.sc().isStopped()) {
        cancel(submitters, group);
      }
    }
  }

  /** A thread may be about to submit a job: cancels until no thread is left, and once more. */
  private void cancel(ExecutorService submitters, String group) {
    try {
      boolean quiet = false;
      for (int i = 0; i < MOST_CANCELLINGS && !quiet; i++) {
        spark.cancelJobGroup(group);
        quiet = submitters.awaitTermination(100, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      spark.cancelJobGroup(group);
    }
  }

  /** Asked again and again, since executors come and go. */
  private int mostInFlight() {
    return JOBS_PER_SLOT * Math.max(1, spark.defaultParallelism());
  }

  private static Thread submitter(Runnable runnable) {
    Thread thread = new Thread(runnable, "pare-submitter");
    thread.setDaemon(true);
    return thread;
  }

  /** Takes down a report, and those of all tasks that can no longer be run if it is a failure. */
  private static void conclude(
      StageReport first,
      StageTree tree,
      Queue<StageTask> ready,
      Map<StageKey, StageReport> reports,
      Consumer<StageReport> listener) {
    Queue<StageReport> concluded = new ArrayDeque<>(List.of(first));
    while (!concluded.isEmpty()) {
      StageReport report = concluded.remove();
      reports.put(report.key(), report);
      listener.accept(report);
      for (StageKey child : tree.nodes().get(report.key()).children()) {
        StageTask task = tree.nodes().get(child).task();
        if (report.failure() == null) {
          ready.add(task);
        } else {
          concluded.add(failed(task, report.failure()));
        }
      }
    }
  }

  /** Never throws: a task without a report would be waited for forever. */
  private StageReport report(StageTask task, String group) {
    try {
      return finished.apply(task.key()).orElseGet(() -> runOnSpark(task, group));
    } catch (Throwable e) { // Spark throws checked exceptions without declaring them.
      return exhausted(task, e);
    }
  }

  private StageReport runOnSpark(StageTask task, String group) {
    spark.setJobGroup(group, describe(task), true);
    return spark.parallelize(List.of(task), 1).map(runStage).first();
  }

  private static String describe(StageTask task) {
    StringBuilder text = new StringBuilder();
    for (StageTask.Step step : task.steps()) {
      text.append(text.isEmpty() ? "" : " → ").append(step.settings());
    }
    return text.toString();
  }

  private static StageReport exhausted(StageTask task, Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    LOG.warn("stage {} failed for want of resources", task.key().abbreviated(), cause);
    String message = root instanceof SparkException ? firstLine(root) : root.toString();
    return failed(
        task,
        new StageReport.Failure(
            FailureCode.RESOURCES_EXHAUSTED, task.steps().get(0).settings().kind(), message));
  }

  private static String firstLine(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return message.lines().findFirst().orElse("");
  }

  private static StageReport failed(StageTask task, StageReport.Failure failure) {
    Provenance provenance = Here.provenance(task.key().seed());
    return new StageReport(task.key(), Map.of(), null, failure, provenance);
  }
}
