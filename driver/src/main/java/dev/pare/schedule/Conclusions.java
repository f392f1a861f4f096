package dev.pare.schedule;

import dev.pare.candidate.Failure;
import dev.pare.candidate.StageKey;
import dev.pare.pipeline.StageReport;
import dev.pare.plan.StageTree.Stage;
import dev.pare.task.LocalProvenance;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What has come of stages, told once of each. */
final class Conclusions {
  private final Consumer<StageReport> listener;
  private final Set<StageKey> concluded = new HashSet<>();
  private final Map<StageKey, Failure> failures = new HashMap<>();

  Conclusions(Consumer<StageReport> listener) {
    this.listener = listener;
  }

  /** Takes down what is known of stages that a tree has newly got. */
  void add(CandidateSource.Added added) {
    for (Stage stage : added.stages()) {
      StageReport report = added.finished().get(stage.key());
      if (report != null) {
        add(report);
      }
    }
    for (Stage stage : added.stages()) {
      failure(stage.key())
          .or(() -> stage.parent().flatMap(parent -> failure(parent.key())))
          .ifPresent(failure -> fail(stage, failure));
    }
  }

  /** Takes down a report, unless there is one of the stage. */
  void add(StageReport report) {
    if (concluded.add(report.key())) {
      if (report.failure() != null) {
        failures.put(report.key(), report.failure());
      }
      listener.accept(report);
    }
  }

  /** Fails a stage and all that start from it, unless they are concluded. */
  void fail(Stage stage, Failure failure) {
    Deque<Stage> open = new ArrayDeque<>(List.of(stage));
    while (!open.isEmpty()) {
      Stage next = open.remove();
      failures.putIfAbsent(next.key(), failure);
      if (next.candidate().isPresent()) {
        add(
            new StageReport(
                next.key(),
                Map.of(),
                null,
                failure,
                LocalProvenance.provenance(next.key().seed())));
      }
      open.addAll(next.children());
    }
  }

  /** Whether a stage's report is there, or its candidates have failed. */
  boolean isConcluded(StageKey key) {
    return concluded.contains(key) || failures.containsKey(key);
  }

  /** Why a stage failed, if it did. */
  Optional<Failure> failure(StageKey key) {
    return Optional.ofNullable(failures.get(key));
  }
}
