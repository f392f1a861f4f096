package dev.pare.schedule;

import static java.util.Objects.requireNonNull;

import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageTask;
import dev.pare.plan.CostModel;
import dev.pare.plan.StageTree;
import dev.pare.spec.Execution;
import dev.pare.task.TaskResult;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/**
 * Runs a stage tree on Spark: a task is submitted as soon as the one it starts from is done, the
 * one with the longest way to go first, so that nobody waits at a barrier.
 *
 * <p>A task that comes back in failure is tried again, up to a limit. What its own settings bring
 * about is not tried again; it fails what starts from it and nothing else.
 */
public final class SweepScheduler {
  private final JavaSparkContext spark;
  private final Function<StageTask, TaskResult> runStage;
  private final String sweep;
  private final Execution execution;
  private final Runnable keepRoot;
  private final StageClaims claims;

  /**
   * @param runStage what runs on executors; returns failure rather than throw it
   * @param sweep name of the sweep, which its jobs are tagged with
   * @param keepRoot puts the products that no stage makes into the store again; called on the
   *     thread that runs the tree, if a task finds it missing or damaged
   * @param claims on the stages of the store
   */
  public SweepScheduler(
      JavaSparkContext spark,
      Function<StageTask, TaskResult> runStage,
      String sweep,
      Execution execution,
      Runnable keepRoot,
      StageClaims claims) {
    this.spark = requireNonNull(spark, "spark is null");
    this.runStage = requireNonNull(runStage, "runStage is null");
    this.sweep = requireNonNull(sweep, "sweep is null");
    this.execution = requireNonNull(execution, "execution is null");
    this.keepRoot = requireNonNull(keepRoot, "keepRoot is null");
    this.claims = requireNonNull(claims, "claims is null");
  }

  /**
   * Runs all stages of the tree that are not finished yet, and those that it gets meanwhile.
   *
   * @param costs learns from the stages as they finish
   * @param source of the tree's candidates; asked on the calling thread
   * @param listener told of the report of every finished stage, of those that are added first those
   *     that were finished before, then as they come, on the calling thread: of candidates, and of
   *     stages whose products are kept. A candidate that can no longer be run has a report, too.
   *     What the listener throws ends the run and cancels what runs.
   * @throws java.io.UncheckedIOException if the storage fails whatever is tried
   * @throws IllegalStateException if the thread is interrupted or Spark is stopped meanwhile
   */
  public void run(
      StageTree tree, CostModel costs, CandidateSource source, Consumer<StageReport> listener) {
    try (StageJobs jobs = new StageJobs(spark, runStage, sweep, execution.stageTimeout())) {
      new SweepRun(
              tree,
              costs,
              source,
              new Conclusions(listener),
              execution,
              jobs,
              spark.sc(),
              keepRoot,
              claims)
          .run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the sweep was interrupted", e);
    }
  }
}
