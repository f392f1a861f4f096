package dev.pare.schedule;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static dev.pare.SampleCandidates.measurement;
import static dev.pare.SampleCandidates.provenance;
import static dev.pare.SampleCandidates.prune;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.LocalSpark;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Prune;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings.Kind;
import dev.pare.candidate.Training;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageTask;
import dev.pare.pipeline.StageTask.Product;
import dev.pare.plan.SampleWorkload;
import dev.pare.plan.StageTree;
import dev.pare.plan.StageTree.Stage;
import dev.pare.spec.Execution;
import dev.pare.task.TaskResult;
import dev.pare.task.TransientFailure;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
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
  private static final double NO_STORAGE = 0.7;
  private static final double SLOW = 0.75;
  private static final double FLAKY = 0.77;
  private static final double HUNGRY = 0.78;

  /** What ran, in this JVM, and what is missing. */
  private static final Queue<StageKey> RAN = new ConcurrentLinkedQueue<>();

  private static final Set<StageKey> MISSING = ConcurrentHashMap.newKeySet();
  private static final AtomicInteger FLAKES = new AtomicInteger();
  private static final AtomicInteger HUNGRY_TRIES = new AtomicInteger();
  private static final AtomicInteger HUNGRY_ONES = new AtomicInteger();

  private static SparkSession session;
  private static JavaSparkContext spark;

  private final Map<StageKey, StageReport> earlier = new HashMap<>();
  private final Map<StageKey, StageReport> told = new HashMap<>();

  /** Does as the sparsity says. */
  private static final class FakeStage implements Function<StageTask, TaskResult> {
    private static final long serialVersionUID = 1;

    @Override
    public TaskResult call(StageTask task) throws InterruptedException {
      RAN.add(task.key());
      StageTask.Step first = task.steps().get(0);
      if (MISSING.contains(first.parent())) {
        return failure(TransientFailure.Kind.STORAGE, "no such file", first.parent());
      }
      MISSING.remove(first.key());
      double sparsity = first.settings() instanceof Prune prune ? prune.sparsity() : 0;
      if (sparsity == THROWS) {
        throw new IllegalStateException("a native library died");
      }
      if (sparsity == NO_STORAGE) {
        return failure(TransientFailure.Kind.STORAGE, "no space left on device", null);
      }
      if (sparsity == FLAKY && FLAKES.incrementAndGet() < 3) {
        return failure(TransientFailure.Kind.MEMORY, "out of memory", null);
      }
      if (sparsity == HUNGRY && starves()) {
        return failure(TransientFailure.Kind.MEMORY, "out of memory", null);
      }
      if (sparsity == SLOW) {
        TimeUnit.SECONDS.sleep(20);
      }
      Failure failure =
          sparsity == FAILS
              ? new Failure(FailureCode.TRAINING_DIVERGED, Kind.PRUNE, "loss is NaN")
              : null;
      return TaskResult.of(
          task.steps().stream()
              .filter(step -> step.product() == Product.KEPT)
              .map(step -> report(step.key(), failure))
              .toList());
    }

    /** The first two have too little memory, later ones while another one runs. */
    private static boolean starves() throws InterruptedException {
      boolean early = HUNGRY_TRIES.incrementAndGet() <= 2;
      boolean together = HUNGRY_ONES.incrementAndGet() > 1;
      TimeUnit.MILLISECONDS.sleep(300);
      return HUNGRY_ONES.getAndDecrement() > 1 || together || early;
    }

    private static TaskResult failure(
        TransientFailure.Kind kind, String message, StageKey missing) {
      return TaskResult.of(new TransientFailure(kind, message, "driver@here", missing));
    }
  }

  private static StageReport report(StageKey key, Failure failure) {
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
    session.stop();
  }

  @BeforeEach
  void forget() {
    RAN.clear();
    MISSING.clear();
    FLAKES.set(0);
  }

  @Test
  void aMissingRootIsPutBackAndWhatStartsFromItIsTriedAgain() {
    MISSING.add(ROOT);
    StageTree tree = tree(candidate(0.1, 2), candidate(0.2, 3));

    run(tree);

    assertThat(MISSING).isEmpty();
    assertThat(told.values()).allMatch(report -> report.failure() == null);
    assertThat(told).containsKeys(tree.keys().values().toArray(StageKey[]::new));
  }

  private void run(StageTree tree) {
    run(tree, Execution.DEFAULT, report -> {});
  }

  private void run(StageTree tree, Execution execution, Consumer<StageReport> listener) {
    new SweepScheduler(
            spark,
            new FakeStage(),
            "test",
            execution,
            () -> MISSING.remove(tree.root()),
            StageClaims.NONE)
        .run(
            tree,
            SampleWorkload.costs(),
            CandidateSource.of(tree, earlier),
            report -> {
              assertThat(told.put(report.key(), report)).as("told twice").isNull();
              listener.accept(report);
            });
  }

  private static StageTree tree(Candidate... candidates) {
    return StageTree.of(ROOT, List.of(candidates));
  }

  private StageReport told(StageTree tree, Candidate candidate) {
    assertThat(told).containsKey(tree.keys().get(candidate));
    return told.get(tree.keys().get(candidate));
  }

  /** One that shares nothing with others. */
  private static Candidate alone(double sparsity, int temperature) {
    Prune prune = prune(sparsity);
    Training training = prune.training();
    return new Candidate(
        Map.of("temperature", String.valueOf(temperature)),
        List.of(
            new Prune(
                sparsity,
                null,
                prune.saliency(),
                prune.scope(),
                prune.schedule(),
                prune.ramp(),
                new Training(
                    1,
                    training.batch(),
                    training.learningRate(),
                    training.decay(),
                    0,
                    temperature,
                    training.alpha())),
            new Encode(Encode.Precision.FLOAT32)));
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

    run(tree);

    assertThat(told).containsKeys(tree.keys().values().toArray(StageKey[]::new));
    assertThat(RAN).doesNotHaveDuplicates().hasSize(20 + 60);
    List<StageKey> ran = List.copyOf(RAN);
    for (Stage stage : tree.all()) {
      if (stage.settings().kind() == Kind.QUANTIZE) {
        assertThat(ran.indexOf(stage.key()))
            .isGreaterThan(ran.indexOf(stage.parent().orElseThrow().key()));
      }
    }
  }

  @Test
  void aFailureFailsItsDescendantsAndNothingElse() {
    Candidate failed = candidate(FAILS, 2);
    Candidate sibling = candidate(FAILS, 3);
    Candidate other = candidate(0.9, 2);
    StageTree tree = tree(failed, sibling, other);

    run(tree);

    for (Candidate candidate : List.of(failed, sibling)) {
      StageReport report = told(tree, candidate);
      assertThat(report.failure())
          .isEqualTo(new Failure(FailureCode.TRAINING_DIVERGED, Kind.PRUNE, "loss is NaN"));
    }
    assertThat(RAN).hasSize(1 + 2);
    assertThat(told(tree, other).failure()).isNull();
  }

  @Test
  void troubleIsTriedAgainAsOftenAsAllowed() {
    Candidate flaky = candidate(FLAKY, 2);
    StageTree tree = tree(flaky);

    run(tree);

    assertThat(told(tree, flaky).failure()).isNull();
    assertThat(FLAKES).hasValue(3);
  }

  @Test
  void whatHadTooLittleMemoryIsTriedAgainAloneOnItsExecutor() {
    Candidate one = alone(HUNGRY, 1);
    Candidate two = alone(HUNGRY, 2);
    StageTree tree = tree(one, two);

    run(tree, new Execution(2, null, "cpu"), report -> {});

    assertThat(told(tree, one).failure()).isNull();
    assertThat(told(tree, two).failure()).isNull();
    assertThat(HUNGRY_TRIES).hasValue(4);
  }

  @Test
  void troubleWithoutEndFailsTheCandidateForThisRun() {
    Candidate thrown = candidate(THROWS, 2);
    Candidate full = candidate(NO_STORAGE, 2);
    Candidate other = candidate(0.9, 2);
    StageTree tree = tree(thrown, full, other);

    run(tree, new Execution(2, null, "cpu"), report -> {});

    Failure failure = told(tree, thrown).failure();
    assertThat(failure).isNotNull();
    assertThat(failure.code()).isEqualTo(FailureCode.RESOURCES_EXHAUSTED);
    assertThat(failure.message()).contains("a native library died", "(2 attempts)").hasLineCount(1);
    assertThat(told(tree, full).failure().message())
        .isEqualTo("no space left on device (2 attempts)");
    assertThat(told(tree, full).settled()).isFalse();
    assertThat(told(tree, other).failure()).isNull();
  }

  @Test
  void aStorageThatFailsEverythingEndsTheRun() {
    List<Candidate> candidates = new ArrayList<>();
    for (int bits = 2; bits < 14; bits++) {
      candidates.add(alone(NO_STORAGE, bits));
    }

    assertThatThrownBy(() -> run(StageTree.of(ROOT, candidates)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("the storage failed 8 times in a row")
        .hasMessageContaining("no space left")
        .hasMessageContaining("goes on from there");
    assertThat(RAN.size()).isLessThan(24);
  }

  @Test
  void aLostProductIsMadeAgain() {
    Candidate candidate = candidate(0.9, 2);
    StageTree tree = tree(candidate, candidate(0.9, 3));
    StageKey pruned = tree.all().get(0).key();
    earlier.put(pruned, report(pruned, null));
    MISSING.add(pruned);

    run(tree);

    assertThat(told(tree, candidate).failure()).isNull();
    assertThat(RAN).contains(pruned);
  }

  @Test
  void whatIsFinishedIsNotRunAgain() {
    Candidate candidate = candidate(0.9, 2);
    StageTree tree = tree(candidate, candidate(0.9, 3), candidate(0.8, 3));
    StageKey end = tree.keys().get(candidate);
    StageKey start = tree.all().get(0).key();
    earlier.put(start, report(start, null));
    earlier.put(end, report(end, null));

    run(tree);

    assertThat(told).containsKeys(tree.keys().values().toArray(StageKey[]::new));
    assertThat(new HashSet<>(RAN)).doesNotContain(start, end).hasSize(3);
  }

  @Test
  void whatOnlyFinishedStagesStartFromIsNotRun() {
    Candidate candidate = candidate(0.9, 2);
    StageTree tree = tree(candidate);
    StageKey end = tree.keys().get(candidate);
    earlier.put(end, report(end, null));

    run(tree);

    assertThat(RAN).isEmpty();
    assertThat(told).containsOnlyKeys(end);
  }

  @Test
  void aFailureOnRecordFailsItsDescendantsWithoutATry() {
    Candidate candidate = candidate(0.9, 2);
    StageTree tree = tree(candidate, candidate(0.9, 3));
    StageKey pruned = tree.all().get(0).key();
    Failure failure = new Failure(FailureCode.TRAINING_DIVERGED, Kind.PRUNE, "loss is NaN");
    earlier.put(pruned, report(pruned, failure));

    run(tree);

    assertThat(RAN).isEmpty();
    assertThat(tree.keys().values()).allMatch(key -> failure.equals(told.get(key).failure()));
  }

  @Test
  void aStageThatHangsIsStoppedAndCountsAsAnAttempt() {
    Candidate slow = candidate(SLOW, 2);
    Candidate other = candidate(0.9, 2);
    StageTree tree = tree(slow, other);

    run(tree, new Execution(2, 0.5, "cpu"), report -> {});

    assertThat(told(tree, slow).failure().code()).isEqualTo(FailureCode.RESOURCES_EXHAUSTED);
    assertThat(told(tree, slow).failure().message()).contains("sweep.stage-timeout", "2 attempts");
    assertThat(told(tree, other).failure()).isNull();
  }

  @Test
  void jobsAreCalledAfterTheirCandidatesAndTheThreadKeepsItsOwnNames() throws Exception {
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            seen.add(
                job.properties().getProperty("spark.jobGroup.id")
                    + "|"
                    + job.properties().getProperty("spark.job.description")
                    + "|"
                    + job.properties().getProperty("spark.job.tags"));
          }
        };
    spark.sc().addSparkListener(listener);
    spark.setJobGroup("mine", "my own");
    try {
      run(tree(candidate(0.9, 2), candidate(0.9, 3)));
      assertThat(spark.getLocalProperty("spark.jobGroup.id")).isEqualTo("mine");
      assertThat(spark.getLocalProperty("spark.job.description")).isEqualTo("my own");
      assertThat(spark.getLocalProperty("spark.job.tags")).isNull();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (seen.isEmpty() && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } finally {
      spark.clearJobGroup();
      spark.sc().removeSparkListener(listener);
    }
    assertThat(seen)
        .first()
        .asString()
        .startsWith("pare ")
        .contains("|prune: sparsity=0.9 (2 candidates)|pare-test");
  }

  @Test
  void aListenerThatThrowsEndsTheRunAndCancelsItsJobs() throws InterruptedException {
    StageTree tree = tree(candidate(SLOW, 2), candidate(0.9, 2), candidate(0.9, 3));

    assertThatThrownBy(
            () ->
                run(
                    tree,
                    Execution.DEFAULT,
                    report -> {
                      throw new UnsupportedOperationException("enough");
                    }))
        .hasMessage("enough");

    awaitQuiet();
  }

  @Test
  void anInterruptedSweepLeavesNoTaskRunning() throws InterruptedException {
    StageTree tree = tree(candidate(SLOW, 2), candidate(SLOW, 3), candidate(SLOW, 4));
    Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
    Thread sweep = new Thread(() -> run(tree));
    sweep.setUncaughtExceptionHandler((thread, e) -> thrown.add(e));
    sweep.start();
    while (RAN.isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(10);
    }

    sweep.interrupt();
    sweep.join();

    assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
    awaitQuiet();
  }

  private static void awaitQuiet() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (spark.statusTracker().getActiveJobIds().length > 0 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(spark.statusTracker().getActiveJobIds()).isEmpty();
    while (spark.sc().statusTracker().getExecutorInfos()[0].numRunningTasks() > 0
        && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(spark.sc().statusTracker().getExecutorInfos()[0].numRunningTasks()).isZero();
  }
}
