package dev.pare.schedule;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Failure;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Spelling;
import dev.pare.candidate.StageKey;
import dev.pare.pipeline.StageReport;
import dev.pare.plan.StageTree;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Puts together the reports of tasks to the outcomes of candidates, also of a growing tree. */
public final class OutcomeBook {
  private final StageTree tree;
  private final Map<StageKey, StageReport> reports = new HashMap<>();
  private int done;

  public OutcomeBook(StageTree tree) {
    this.tree = requireNonNull(tree, "tree is null");
  }

  /**
   * Takes a task's report.
   *
   * @param listener told if a candidate ended with it
   */
  public void add(StageReport report, BiConsumer<Candidate, Outcome> listener) {
    reports.put(report.key(), report);
    Optional<Candidate> candidate = candidate(report);
    if (candidate.isPresent()) {
      done++;
      listener.accept(candidate.get(), outcome(report));
    }
  }

  /** The reports that were taken, by their stages. */
  public Map<StageKey, StageReport> reports() {
    return Collections.unmodifiableMap(reports);
  }

  /** Takes the report of a stage that ran again, and tells its candidate's outcome. */
  public void replace(StageReport report, BiConsumer<Candidate, Outcome> listener) {
    reports.put(report.key(), report);
    candidate(report).ifPresent(candidate -> listener.accept(candidate, outcome(report)));
  }

  private Optional<Candidate> candidate(StageReport report) {
    return tree.stage(report.key()).flatMap(StageTree.Stage::candidate);
  }

  /** What came of a candidate, if it has ended. */
  public Optional<Outcome> outcome(Candidate candidate) {
    return Optional.ofNullable(tree.keys().get(candidate))
        .flatMap(key -> Optional.ofNullable(reports.get(key)))
        .map(this::outcome);
  }

  /** How many candidates have ended. */
  public int done() {
    return done;
  }

  /** The outcome of every candidate, in the candidates' order; every task must have reported. */
  public Map<Candidate, Outcome> outcomes() {
    Map<Candidate, Outcome> outcomes = new LinkedHashMap<>();
    tree.keys()
        .forEach(
            (candidate, key) -> outcomes.put(candidate, outcome(requireNonNull(reports.get(key)))));
    return outcomes;
  }

  private Outcome outcome(StageReport report) {
    Failure failure = report.failure();
    if (failure != null) {
      return new Outcome.Failed(report.key(), failure, report.provenance());
    }
    Map<String, Double> seconds = new HashMap<>();
    Optional<StageTree.Stage> stage = tree.stage(report.key());
    while (stage.isPresent()) {
      // A stage whose product was not kept has none; its seconds are in the next one's.
      StageReport part = reports.get(stage.get().key());
      if (part != null) {
        part.seconds()
            .forEach((kind, taken) -> seconds.merge(Spelling.of(kind), taken, Double::sum));
      }
      stage = stage.get().parent();
    }
    return new Outcome.Measured(
        report.key(), requireNonNull(report.measurement()), seconds, report.provenance());
  }
}
