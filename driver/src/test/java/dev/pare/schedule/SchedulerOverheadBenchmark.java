package dev.pare.schedule;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.measurement;
import static dev.pare.SampleCandidates.provenance;
import static dev.pare.SampleCandidates.prune;

import dev.pare.LocalSpark;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Prune;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageTask;
import dev.pare.plan.CostModel;
import dev.pare.plan.SampleWorkload;
import dev.pare.plan.StageTree;
import dev.pare.spec.Execution;
import dev.pare.task.TaskResult;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/**
 * What the scheduler costs, with stages that only sleep: {@code mvn -q -pl driver -am test
 * -Dtest=SchedulerOverheadBenchmark -Dsurefire.failIfNoSpecifiedTests=false}, with {@code
 * -Dslots=16 -Dsleeping=10000 -Dmillis=1000 -Didle=100000} for other numbers than these.
 */
public class SchedulerOverheadBenchmark {
  private static final int SLOTS = Integer.getInteger("slots", 16);
  private static final int SLEEPING = Integer.getInteger("sleeping", 10_000);
  private static final int MILLIS = Integer.getInteger("millis", 1000);
  private static final int IDLE = Integer.getInteger("idle", 100_000);

  private record Sleep(int millis) implements Function<StageTask, TaskResult> {
    @Override
    public TaskResult call(StageTask task) throws InterruptedException {
      if (millis > 0) {
        TimeUnit.MILLISECONDS.sleep(millis);
      }
      List<StageReport> reports = new ArrayList<>();
      for (StageTask.Step step : task.steps()) {
        reports.add(
            new StageReport(step.key(), Map.of(), measurement(500), null, provenance("0@here")));
      }
      return TaskResult.of(reports);
    }
  }

  @Test
  void candidatesThatSleep() throws IOException {
    try (SparkSession session = LocalSpark.open(SLOTS)) {
      run(session, 10 * SLOTS, 0);
      double seconds = run(session, SLEEPING, MILLIS);
      double ideal = Math.ceil((double) SLEEPING / SLOTS) * MILLIS / 1000.0;
      System.out.printf(
          "%d candidates × %d ms on local[%d]: %.1f s, %.1f%% of the ideal %.1f s%n",
          SLEEPING, MILLIS, SLOTS, seconds, 100 * ideal / seconds, ideal);
    }
  }

  @Test
  void candidatesThatDoNothing() throws IOException {
    try (SparkSession session = LocalSpark.open(SLOTS)) {
      run(session, 2000, 0);
      AtomicLong most = new AtomicLong();
      double seconds = run(session, IDLE, 0, most);
      System.out.printf(
          "%d candidates that do nothing on local[%d]: %.1f s, %.2f ms each;"
              + " most heap after a collection %d MB%n",
          IDLE, SLOTS, seconds, 1000 * seconds / IDLE, most.get() >> 20);
    }
  }

  private static double run(SparkSession session, int candidates, int millis) {
    return run(session, candidates, millis, new AtomicLong());
  }

  private static double run(SparkSession session, int candidates, int millis, AtomicLong mostHeap) {
    List<Candidate> all = new ArrayList<>();
    for (int i = 1; i <= candidates; i++) {
      Prune prune = prune((double) i / (candidates + 1));
      all.add(
          new Candidate(
              Map.of("sparsity", String.valueOf(i)),
              List.of(prune, new Encode(Encode.Precision.FLOAT32))));
    }
    StageTree tree = StageTree.of(ROOT, all);
    CostModel costs = new CostModel(SampleWorkload.lenet());
    AtomicInteger told = new AtomicInteger();
    OutcomeBook book = new OutcomeBook(tree);
    long start = System.nanoTime();
    new SweepScheduler(
            new JavaSparkContext(session.sparkContext()),
            new Sleep(millis),
            "overhead",
            Execution.DEFAULT,
            () -> {},
            StageClaims.NONE)
        .run(
            tree,
            costs,
            CandidateSource.of(tree, Map.of()),
            report -> {
              book.add(report, (candidate, outcome) -> {});
              if (told.incrementAndGet() % 20_000 == 0) {
                mostHeap.accumulateAndGet(heapAfterCollection(), Math::max);
              }
            });
    return (System.nanoTime() - start) / 1e9;
  }

  private static long heapAfterCollection() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
