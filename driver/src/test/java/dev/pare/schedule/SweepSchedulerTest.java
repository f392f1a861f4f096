package dev.pare.schedule;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static dev.pare.SampleCandidates.measurement;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.LocalSpark;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Prune;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.StageSettings.Kind;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageTask;
import dev.pare.plan.StageTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SweepSchedulerTest {
  private static final double FAILS = 0.5;
  private static final double THROWS = 0.6;
  private static final double DIES = 0.7;
  private static final double SLOW = 0.75;

  /** What ran, in this JVM. */
  private static final Queue<StageKey> RAN = new ConcurrentLinkedQueue<>();

  private static SparkSession session;
  private static JavaSparkContext spark;

  private final Map<StageKey, StageReport> earlier = new HashMap<>();
  private final List<StageKey> told = new ArrayList<>();

  /** Does as the sparsity says. */
  private static final class FakeStage implements Function<StageTask, StageReport> {
    private static final long serialVersionUID = 1;

    @Override
    public StageReport call(StageTask task) throws InterruptedException {
      RAN.add(task.key());
      StageSettings first = task.steps().get(0).settings();
      double sparsity = first instanceof Prune prune ? prune.sparsity() : 0;
      if (sparsity == THROWS) {
        throw new IllegalStateException("no such disk");
      }
      if (sparsity == DIES) {
        throw new NoClassDefFoundError("gone");
      }
      if (sparsity == SLOW) {
        TimeUnit.SECONDS.sleep(20);
      }
      StageReport.Failure failure =
          sparsity == FAILS
              ? new StageReport.Failure(FailureCode.TRAINING_DIVERGED, Kind.PRUNE, "loss is NaN")
              : null;
      return report(task.key(), failure);
    }
  }

  private static StageReport report(StageKey key, StageReport.Failure failure) {
    return new StageReport(
        key, Map.of(), failure == null ? measurement(100) : null, failure, provenance("0@here"));
  }

  @BeforeAll
  static void start() {
    session = LocalSpark.open(2);
    spark = new JavaSparkContext(session.sparkContext());
  }

  @AfterAll
  static void stop() {
    session.close();
  }

  @BeforeEach
  void forget() {
    RAN.clear();
  }

  private Map<StageKey, StageReport> run(StageTree tree) {
    return new SweepScheduler(spark, new FakeStage(), key -> Optional.ofNullable(earlier.get(key)))
        .run(tree, report -> told.add(report.key()));
  }

  private static StageTree tree(Candidate... candidates) {
    return StageTree.of(ROOT, List.of(candidates));
  }

  private static FailureCode failure(Map<StageKey, StageReport> reports, StageKey key) {
    StageReport.Failure failure = reports.get(key).failure();
    return failure == null ? null : failure.code();
  }

  @Test
  void runsEveryTaskOnceAndParentsBeforeChildren() {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      for (int bits = 2; bits <= 4; bits++) {
        candidates.add(candidate(i / 100.0, bits));
      }
    }
    StageTree tree = StageTree.of(ROOT, candidates);

    Map<StageKey, StageReport> reports = run(tree);

    assertThat(reports).containsOnlyKeys(tree.nodes().keySet());
    assertThat(RAN).containsExactlyInAnyOrderElementsOf(tree.nodes().keySet());
    assertThat(told).containsExactlyInAnyOrderElementsOf(tree.nodes().keySet());
    List<StageKey> ran = List.copyOf(RAN);
    tree.nodes()
        .forEach(
            (key, node) ->
                assertThat(node.children())
                    .allSatisfy(
                        child -> assertThat(ran.indexOf(child)).isGreaterThan(ran.indexOf(key))));
  }

  @Test
  void aFailureFailsItsDescendantsAndNothingElse() {
    Candidate failed = candidate(FAILS, 2);
    Candidate sibling = candidate(FAILS, 3);
    Candidate other = candidate(0.9, 2);
    StageTree tree = tree(failed, sibling, other);

    Map<StageKey, StageReport> reports = run(tree);

    for (Candidate candidate : List.of(failed, sibling)) {
      StageReport report = reports.get(tree.keys().get(candidate));
      assertThat(report.failure())
          .isEqualTo(
              new StageReport.Failure(FailureCode.TRAINING_DIVERGED, Kind.PRUNE, "loss is NaN"));
      assertThat(RAN).doesNotContain(report.key());
      assertThat(told).contains(report.key());
    }
    assertThat(failure(reports, tree.keys().get(other))).isNull();
  }

  @Test
  void whatATaskThrowsIsAFailureForWantOfResources() {
    Candidate thrown = candidate(THROWS, 2);
    Candidate dead = candidate(DIES, 2);
    Candidate other = candidate(0.9, 2);
    StageTree tree = tree(thrown, dead, other);

    Map<StageKey, StageReport> reports = run(tree);

    StageReport.Failure failure = reports.get(tree.keys().get(thrown)).failure();
    assertThat(failure).isNotNull();
    assertThat(failure.code()).isEqualTo(FailureCode.RESOURCES_EXHAUSTED);
    assertThat(failure.message()).contains("no such disk").hasLineCount(1);
    assertThat(failure(reports, tree.keys().get(dead))).isEqualTo(FailureCode.RESOURCES_EXHAUSTED);
    assertThat(failure(reports, tree.keys().get(other))).isNull();
  }

  @Test
  void whatIsFinishedIsNotRunAgain() {
    Candidate candidate = candidate(0.9, 2);
    StageTree tree = tree(candidate, candidate(0.9, 3), candidate(0.8, 3));
    StageKey end = tree.keys().get(candidate);
    StageKey start = tree.nodes().get(end).task().parent();
    earlier.put(start, report(start, null));
    earlier.put(end, report(end, null));

    Map<StageKey, StageReport> reports = run(tree);

    assertThat(reports).containsOnlyKeys(tree.nodes().keySet());
    assertThat(RAN).hasSize(tree.nodes().size() - 2).doesNotContain(start, end);
  }

  @Test
  void aStoreThatCannotBeReadFailsTheTaskAndNotTheSweep() {
    Candidate candidate = candidate(0.9, 2);
    StageTree tree = tree(candidate);

    Map<StageKey, StageReport> reports =
        new SweepScheduler(
                spark,
                new FakeStage(),
                key -> {
                  throw new IllegalArgumentException("disk is full of holes");
                })
            .run(tree, report -> {});

    assertThat(reports.get(tree.keys().get(candidate)).failure().message())
        .contains("disk is full of holes");
  }

  @Test
  void aListenerThatThrowsEndsTheRunAndCancelsItsJobs() throws InterruptedException {
    StageTree tree = tree(candidate(SLOW, 2), candidate(0.9, 2), candidate(0.9, 3));

    assertThatThrownBy(
            () ->
                new SweepScheduler(spark, new FakeStage(), key -> Optional.empty())
                    .run(
                        tree,
                        report -> {
                          throw new UnsupportedOperationException("enough");
                        }))
        .hasMessage("enough");

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (spark.statusTracker().getActiveJobIds().length > 0 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(spark.statusTracker().getActiveJobIds()).isEmpty();
  }
}
