package dev.pare.schedule;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.StageKey;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageTask;
import dev.pare.pipeline.StageTask.Product;
import dev.pare.plan.CostModel;
import dev.pare.plan.Forecast;
import dev.pare.plan.StageTree;
import dev.pare.plan.StageTree.Stage;
import dev.pare.plan.TaskTree;
import dev.pare.plan.TaskTree.Task;
import dev.pare.spec.Execution;
import dev.pare.task.RunPartition.Company;
import dev.pare.task.TaskResult;
import dev.pare.task.TransientFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a stage tree: what is ready, what is with Spark, what is to be tried again. */
final class SweepRun {
  private static final Logger LOG = LoggerFactory.getLogger(SweepRun.class);

  /** How often to look whether something takes too long, or Spark is gone. */
  private static final long POLL_NANOS = 200_000_000;

  /** After how long to look again whether another driver has made something. */
  private static final long LOOK_ELSEWHERE_NANOS = 1_000_000_000;

  private final StageTree tree;
  private final CostModel costs;
  private final CandidateSource source;
  private final Conclusions conclusions;
  private final Execution execution;
  private final StageJobs jobs;
  private final SparkContext spark;
  private final Runnable keepRoot;
  private final StageClaims claims;
  private final TaskTree tasks;
  private final FlightLimit limit;
  private final StorageBreaker breaker = new StorageBreaker();
  private final Map<Task, Integer> attempts = new HashMap<>();

  /** Tasks that failed once and may take their neighbours with them. */
  private final Set<Task> risky = new HashSet<>();

  /** Tasks that had too little memory beside others. */
  private final Set<Task> starved = new HashSet<>();

  private PriorityQueue<Task> ready = new PriorityQueue<>(Forecast.LONGEST_PATH_FIRST);
  private final Deque<Task> retries = new ArrayDeque<>();

  /** Tasks with a stage that another driver makes, until when they are left alone. */
  private final Deque<Elsewhere> elsewhere = new ArrayDeque<>();

  private int unfinished;
  private int inFlight;
  private long pausedUntil = System.nanoTime();
  private long learned;

  private record Elsewhere(Task task, long untilNanos) {}

  SweepRun(
      StageTree tree,
      CostModel costs,
      CandidateSource source,
      Conclusions conclusions,
      Execution execution,
      StageJobs jobs,
      SparkContext spark,
      Runnable keepRoot,
      StageClaims claims) {
    this.tree = tree;
    this.costs = costs;
    this.source = source;
    this.conclusions = conclusions;
    this.execution = execution;
    this.jobs = jobs;
    this.spark = spark;
    this.keepRoot = keepRoot;
    this.claims = claims;
    this.tasks = new TaskTree(tree);
    this.limit = new FlightLimit(this::slots, System::nanoTime);
  }

  /** With the processors and other resources that a task asks for. */
  private int slots() {
    return spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
  }

  void run() throws InterruptedException {
    grow();
    while (unfinished > 0) {
      submit();
      StageJobs.Event event = jobs.poll(POLL_NANOS);
      if (spark.isStopped()) {
        throw new IllegalStateException("Spark was stopped while the sweep ran");
      }
      if (event != null) {
        inFlight--;
        limit.finished();
        claims.release(keys(event.task()));
        take(event);
        grow();
      }
    }
  }

  /** Takes in the candidates that are to be tried now. */
  private void grow() {
    Optional<CandidateSource.Added> added = source.next();
    while (added.isPresent()) {
      add(added.get());
      added = source.next();
    }
    if (source.isComplete()) {
      tasks.complete();
    }
  }

  private void add(CandidateSource.Added added) {
    added
        .finished()
        .values()
        .forEach(report -> tree.stage(report.key()).ifPresent(stage -> costs.learn(stage, report)));
    conclusions.add(added);
    List<Task> more = tasks.add(added.stages(), costs, conclusions::isConcluded);
    unfinished += more.size();
    more.stream().filter(Task::isFirst).forEach(ready::add);
    sortReady();
  }

  /** Anew, since a path is longer or shorter than it was. */
  private void sortReady() {
    PriorityQueue<Task> sorted = new PriorityQueue<>(Forecast.LONGEST_PATH_FIRST);
    sorted.addAll(ready);
    ready = sorted;
  }

  /** Keeps a few tasks waiting at Spark, and hands over the next ones together. */
  private void submit() {
    lookElsewhere();
    int enough = Math.max(1, limit.most() / 3);
    while (limit.most() - inFlight >= enough && System.nanoTime() >= pausedUntil) {
      List<Task> next = nextTasks(limit.most() - inFlight);
      if (next.isEmpty()) {
        return;
      }
      submit(next);
    }
  }

  /** What others made, or have given up, is ready again. */
  private void lookElsewhere() {
    while (!elsewhere.isEmpty() && elsewhere.peek().untilNanos - System.nanoTime() <= 0) {
      ready.add(elsewhere.remove().task);
    }
  }

  private List<Task> nextTasks(int room) {
    List<Task> next = new ArrayList<>();
    while (next.size() < room && !retries.isEmpty() && isTimeForRetries()) {
      Task task = retries.remove();
      risky.add(task);
      next.add(task);
    }
    while (next.size() < room && !ready.isEmpty()) {
      next.add(ready.remove());
    }
    return next;
  }

  private void submit(List<Task> next) {
    List<Task> together = new ArrayList<>();
    for (Task task : unmade(claimed(next))) {
      if (starved.contains(task)) {
        submit(List.of(task), Company.NOBODY);
      } else if (risky.contains(task) || jobs.oneByOne()) {
        submit(List.of(task), Company.OTHERS);
      } else {
        together.add(task);
      }
    }
    if (!together.isEmpty()) {
      submit(together, Company.OTHERS);
    }
  }

  /** Those of which no other driver makes a stage. */
  private List<Task> claimed(List<Task> next) {
    List<Boolean> taken = claims.take(next.stream().map(SweepRun::keys).toList());
    List<Task> claimed = new ArrayList<>();
    for (int i = 0; i < next.size(); i++) {
      if (taken.get(i)) {
        claimed.add(next.get(i));
      } else {
        elsewhere.add(new Elsewhere(next.get(i), System.nanoTime() + LOOK_ELSEWHERE_NANOS));
      }
    }
    return claimed;
  }

  private static List<StageKey> keys(Task task) {
    return task.stages().stream().map(Stage::key).toList();
  }

  /**
   * Takes what another driver has made meanwhile; returns the rest. What was tried already is not
   * looked for: what lies in its place may be damaged.
   */
  private List<Task> unmade(List<Task> claimed) {
    if (!claims.areShared() || claimed.isEmpty()) {
      return claimed;
    }
    Map<StageKey, StageReport> made =
        source.made(
            claimed.stream()
                .filter(task -> !risky.contains(task))
                .flatMap(task -> task.stages().stream())
                .toList());
    List<Task> unmade = new ArrayList<>();
    for (Task task : claimed) {
      List<StageKey> kept =
          task.toStageTask().steps().stream()
              .filter(step -> step.product() == Product.KEPT)
              .map(StageTask.Step::key)
              .toList();
      if (made.keySet().containsAll(kept)) {
        claims.release(keys(task));
        finish(task, kept.stream().map(made::get).toList());
      } else {
        unmade.add(task);
      }
    }
    if (unmade.size() < claimed.size()) {
      grow();
    }
    return unmade;
  }

  /** While the storage fails, other tasks show whether it fails all of them. */
  private boolean isTimeForRetries() {
    return breaker.failures() == 0 || ready.isEmpty();
  }

  private void submit(List<Task> together, Company company) {
    jobs.submit(together, company);
    inFlight += together.size();
  }

  private void take(StageJobs.Event event) {
    Task task = event.task();
    TaskResult result = event.result();
    if (result == null) {
      again(task, FailureCode.RESOURCES_EXHAUSTED, reason(requireNonNull(event.lost())), "");
    } else if (result.failure() != null) {
      tryAgain(task, result.failure());
    } else {
      breaker.success();
      finish(task, result.reports());
    }
  }

  private void finish(Task task, List<StageReport> reports) {
    unfinished--;
    for (StageReport report : reports) {
      conclusions.add(report);
      tree.stage(report.key()).ifPresent(stage -> learn(stage, report));
    }
    task.waiting().forEach(this::release);
  }

  /** Starts a task whose parent is done, or fails it with its parent. */
  private void release(Task task) {
    Failure failure =
        task.first().parent().flatMap(parent -> conclusions.failure(parent.key())).orElse(null);
    if (failure == null) {
      ready.add(task);
    } else {
      fail(task, failure);
    }
  }

  private void fail(Task task, Failure failure) {
    Deque<Task> failed = new ArrayDeque<>(List.of(task));
    while (!failed.isEmpty()) {
      Task next = failed.remove();
      unfinished--;
      failed.addAll(next.waiting());
    }
    conclusions.fail(task.first(), failure);
  }

  private void tryAgain(Task task, TransientFailure failure) {
    Optional<Stage> missing = Optional.ofNullable(failure.missing()).flatMap(tree::stage);
    boolean rootIsMissing = failure.missing() != null && tree.roots().contains(failure.missing());
    if (missing.isEmpty() && !rootIsMissing && failure.kind() == TransientFailure.Kind.STORAGE) {
      boolean mayBeAtFault = breaker.failure(task.first().key(), failure, limit.slots());
      pausedUntil = System.nanoTime() + breaker.pauseNanos();
      boolean others = spark.getExecutorMemoryStatus().size() > 2;
      int open = inFlight + ready.size() + retries.size() + elsewhere.size() + 1;
      if (breaker.isOpen(limit.slots(), open, others)) {
        throw new UncheckedIOException(
            new IOException(
                "the storage failed "
                    + breaker.failures()
                    + " times in a row, at last with: "
                    + failure.message()
                    + "; what is finished is kept, the same command goes on from there"));
      }
      if (!mayBeAtFault) {
        LOG.warn("{}: {}; it is tried again", TaskLabel.of(task), failure.message());
        retries.add(task);
        return;
      }
    }
    if (failure.kind() == TransientFailure.Kind.MEMORY) {
      starved.add(task);
    }
    if (!again(
        task,
        FailureCode.RESOURCES_EXHAUSTED,
        failure.message(),
        rootIsMissing || missing.isPresent() ? "; it is made again" : "")) {
      return;
    }
    if (rootIsMissing) {
      keepRoot.run();
    } else if (missing.isPresent()) {
      retries.removeLast();
      retries.addFirst(tasks.again(missing.get(), task));
      unfinished++;
    }
  }

  /**
   * Tries a task again, or fails it if it had its chances; says which.
   *
   * @param before what is done before it is tried again, to follow the reason
   */
  private boolean again(Task task, FailureCode code, String reason, String before) {
    int tried = attempts.merge(task, 1, Integer::sum);
    if (tried < execution.maxAttempts()) {
      LOG.warn("{}: attempt {} failed: {}{}", TaskLabel.of(task), tried, reason, before);
      retries.add(task);
      return true;
    }
    LOG.warn("{}: failed after {} attempts: {}", TaskLabel.of(task), tried, reason);
    String message = reason + (tried == 1 ? "" : " (" + tried + " attempts)");
    fail(task, new Failure(code, task.first().settings().kind(), message));
    return false;
  }

  /** Predicts anew each time that twice as much is known. */
  private void learn(Stage stage, StageReport report) {
    if (costs.learn(stage, report) && Long.bitCount(++learned) == 1) {
      tasks.predict(costs);
      sortReady();
    }
  }

  private static String reason(Throwable lost) {
    Throwable root = lost;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return text.lines().findFirst().orElse("");
  }
}
