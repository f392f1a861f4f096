package dev.pare.schedule;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static dev.pare.SampleCandidates.measurement;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.LocalSpark;
import dev.pare.SmallSweep;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Prune;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings.Kind;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageTask;
import dev.pare.pipeline.StageTask.Product;
import dev.pare.plan.CandidateSearch;
import dev.pare.plan.SampleWorkload;
import dev.pare.plan.StageTree;
import dev.pare.plan.StudentArchitectures;
import dev.pare.spec.Execution;
import dev.pare.spec.SweepSpec;
import dev.pare.task.TaskResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trees that get candidates while they run, with stages that only sleep. */
@Timeout(120)
class GrowingTreeTest {
  private static final double FAILS = 0.5;

  /** The stages that ran, in this JVM. */
  private static final Queue<StageKey> RAN = new ConcurrentLinkedQueue<>();

  @TempDir private Path folder;

  /** Takes some milliseconds, never the same; what it measures follows from the stage. */
  private record Sleep(int millis) implements Function<StageTask, TaskResult> {
    @Override
    public TaskResult call(StageTask task) throws InterruptedException {
      TimeUnit.MILLISECONDS.sleep(new SplittableRandom().nextInt(millis));
      List<StageReport> reports = new ArrayList<>();
      for (StageTask.Step step : task.steps()) {
        RAN.add(step.key());
        boolean fails = step.settings() instanceof Prune prune && prune.sparsity() == FAILS;
        if (step.product() == Product.KEPT) {
          reports.add(report(step.key(), fails));
        }
      }
      return TaskResult.of(reports);
    }
  }

  private static StageReport report(StageKey key, boolean fails) {
    long bytes = 100 + Integer.parseInt(key.hex().substring(0, 4), 16) % 900;
    return new StageReport(
        key,
        Map.of(),
        fails ? null : measurement(bytes),
        fails ? new Failure(FailureCode.TRAINING_DIVERGED, Kind.PRUNE, "loss is NaN") : null,
        provenance("0@here"));
  }

  /** What is added each time that all of before has ended. */
  private static final class Steps implements CandidateSource {
    private final StageTree tree;
    private final OutcomeBook book;
    private final Deque<List<Candidate>> steps;
    private List<Candidate> waiting = List.of();

    Steps(StageTree tree, OutcomeBook book, List<List<Candidate>> steps) {
      this.tree = tree;
      this.book = book;
      this.steps = new ArrayDeque<>(steps);
    }

    @Override
    public Optional<Added> next() {
      if (isComplete() || !waiting.stream().allMatch(one -> book.outcome(one).isPresent())) {
        return Optional.empty();
      }
      waiting = steps.remove();
      return Optional.of(new Added(tree.add(waiting), Map.of()));
    }

    @Override
    public boolean isComplete() {
      return steps.isEmpty();
    }
  }

  @BeforeEach
  void forget() {
    RAN.clear();
  }

  private static void run(
      SparkSession session, StageTree tree, OutcomeBook book, CandidateSource source) {
    new SweepScheduler(
            new JavaSparkContext(session.sparkContext()),
            new Sleep(20),
            "growing",
            Execution.DEFAULT,
            () -> {},
            StageClaims.NONE)
        .run(
            tree,
            SampleWorkload.costs(),
            source,
            report -> book.add(report, (candidate, outcome) -> {}));
  }

  @Test
  void whatLaterCandidatesShareWithEarlierOnesRunsOnce() throws IOException {
    StageTree tree = new StageTree(ROOT, Metric.ERROR);
    OutcomeBook book = new OutcomeBook(tree);
    try (SparkSession session = LocalSpark.open(2)) {
      run(
          session,
          tree,
          book,
          new Steps(
              tree,
              book,
              List.of(
                  List.of(candidate(0.9, 2)),
                  List.of(candidate(0.9, 3), candidate(0.8, 3)),
                  List.of(candidate(0.8, 4), candidate(0.9, 4)))));
    }

    assertThat(book.outcomes()).hasSize(5);
    assertThat(book.outcomes().values()).allMatch(Outcome.Measured.class::isInstance);
    assertThat(RAN).doesNotHaveDuplicates().hasSize(tree.stages()).hasSize(2 + 5 * 2);
  }

  @Test
  void whatStartsFromAFailureFailsWithItWheneverItComes() throws IOException {
    StageTree tree = new StageTree(ROOT, Metric.ERROR);
    OutcomeBook book = new OutcomeBook(tree);
    try (SparkSession session = LocalSpark.open(2)) {
      run(
          session,
          tree,
          book,
          new Steps(
              tree,
              book,
              List.of(
                  List.of(candidate(FAILS, 2), candidate(0.9, 2)), List.of(candidate(FAILS, 3)))));
    }

    assertThat(book.outcome(candidate(FAILS, 3)))
        .hasValueSatisfying(outcome -> assertThat(outcome).isInstanceOf(Outcome.Failed.class));
    assertThat(book.outcome(candidate(0.9, 2)))
        .hasValueSatisfying(outcome -> assertThat(outcome).isInstanceOf(Outcome.Measured.class));
  }

  @Test
  void aSearchAsksForTheSameOnAnyNumberOfSlots() throws IOException {
    SweepSpec spec =
        SmallSweep.spec(
            folder.resolve("out"),
            "space={ sparsity = [0.6, 0.7, 0.8, 0.9], temperature = [1, 2, 4], bits = [2, 3, 4] }",
            "search={ strategy = nsga-ii, candidates = 30, population = 7 }");
    List<Candidate> onOne = searched(spec, 1);

    assertThat(onOne).hasSize(30);
    assertThat(searched(spec, 3)).isEqualTo(onOne);
  }

  private static List<Candidate> searched(SweepSpec spec, int slots) throws IOException {
    RAN.clear();
    StageTree tree = new StageTree(ROOT, Metric.ERROR);
    OutcomeBook book = new OutcomeBook(tree);
    CandidateSearch search =
        new CandidateSearch(spec, StudentArchitectures.UNKNOWN, (stage, start) -> 1);
    CandidateSource source =
        new CandidateSource() {
          @Override
          public Optional<Added> next() {
            List<Candidate> candidates = search.next(book::outcome);
            return candidates.isEmpty()
                ? Optional.empty()
                : Optional.of(new Added(tree.add(candidates), Map.of()));
          }

          @Override
          public boolean isComplete() {
            return search.isComplete();
          }
        };
    try (SparkSession session = LocalSpark.open(slots)) {
      run(session, tree, book, source);
    }
    assertThat(RAN).doesNotHaveDuplicates().hasSize(tree.stages());
    return List.copyOf(book.outcomes().keySet());
  }
}
