package dev.pare.schedule;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.StageKey;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageTask;
import dev.pare.plan.StageTree;
import dev.pare.task.Here;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
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
   *     thread
   * @return every task's report
   */
  public Map<StageKey, StageReport> run(StageTree tree, Consumer<StageReport> listener) {
    Map<StageKey, StageTree.Node> nodes = tree.nodes();
    Map<StageKey, StageReport> reports = new HashMap<>();
    BlockingQueue<StageReport> done = new LinkedBlockingQueue<>();
    int slots = Math.max(1, spark.defaultParallelism());
    ExecutorService submitters =
        Executors.newFixedThreadPool(
            JOBS_PER_SLOT * slots,
            runnable -> {
              Thread thread = new Thread(runnable, "pare-submitter");
              thread.setDaemon(true);
              return thread;
            });
    try {
      for (StageTree.Node node : nodes.values()) {
        if (node.task().parent().equals(tree.root())) {
          submit(node.task(), submitters, done);
        }
      }
      while (reports.size() < nodes.size()) {
        StageReport report = done.take();
        reports.put(report.key(), report);
        listener.accept(report);
        for (StageKey child : nodes.get(report.key()).children()) {
          StageTask task = nodes.get(child).task();
          if (report.failure() == null) {
            submit(task, submitters, done);
          } else {
            done.add(withoutParent(task, report));
          }
        }
      }
      return reports;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the sweep was interrupted", e);
    } finally {
      submitters.shutdownNow();
    }
  }

  private void submit(StageTask task, ExecutorService submitters, BlockingQueue<StageReport> done) {
    submitters.execute(
        () -> {
          try {
            done.add(finished.apply(task.key()).orElseGet(() -> runOnSpark(task)));
          } catch (RuntimeException e) {
            done.add(exhausted(task, e));
          }
        });
  }

  private StageReport runOnSpark(StageTask task) {
    String what = describe(task);
    spark.setJobGroup("pare " + task.key().abbreviated(), what, true);
    spark.setJobDescription(what);
    return spark.parallelize(List.of(task), 1).map(runStage).first();
  }

  private static String describe(StageTask task) {
    StringBuilder text = new StringBuilder();
    for (StageTask.Step step : task.steps()) {
      text.append(text.isEmpty() ? "" : " → ").append(step.settings());
    }
    return text.toString();
  }

  private static StageReport exhausted(StageTask task, RuntimeException cause) {
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

  private static StageReport withoutParent(StageTask task, StageReport parent) {
    return failed(task, requireNonNull(parent.failure()));
  }

  private static StageReport failed(StageTask task, StageReport.Failure failure) {
    Provenance provenance = Here.provenance(task.key().seed());
    return new StageReport(task.key(), Map.of(), null, failure, provenance);
  }
}
