package dev.pare.run;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.pipeline.StageReport;
import dev.pare.plan.CandidateSearch;
import dev.pare.plan.StageTree;
import dev.pare.plan.StageTree.Stage;
import dev.pare.schedule.CandidateSource;
import dev.pare.schedule.OutcomeBook;
import dev.pare.schedule.RetryPolicy;
import dev.pare.schedule.StoredReports;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The candidates of a sweep while it runs: asked for, looked up in the store, and reported. */
final class SweepCandidates implements CandidateSource {
  private final CandidateSearch search;
  private final StageTree tree;
  private final OutcomeBook book;
  private final StoredReports stored;
  private final RetryPolicy resume;
  private final ReferenceNotes references;
  private final SweepObservers observers;
  private final Consumer<List<Stage>> check;

  /** Stages that an earlier run had, and those of them whose reports were not taken yet. */
  private final Set<StageKey> found = new HashSet<>();

  private final Set<StageKey> open = new HashSet<>();

  private boolean isAnnounced;

  /**
   * @param tree without candidates yet
   * @param references notes what there is in the tree
   * @param check told of stages before they run
   */
  SweepCandidates(
      CandidateSearch search,
      StageTree tree,
      StoredReports stored,
      RetryPolicy resume,
      ReferenceNotes references,
      SweepObservers observers,
      Consumer<List<Stage>> check) {
    this.search = search;
    this.tree = tree;
    this.book = new OutcomeBook(tree);
    this.stored = stored;
    this.resume = resume;
    this.references = references;
    this.observers = observers;
    this.check = check;
  }

  @Override
  public boolean isComplete() {
    return search.isComplete();
  }

  @Override
  public Optional<Added> next() {
    List<Candidate> candidates = search.next(book::outcome);
    if (candidates.isEmpty() && (isAnnounced || !isComplete())) {
      return Optional.empty();
    }
    List<Stage> stages = tree.add(candidates);
    isAnnounced = isComplete();
    check.accept(stages);
    references.grown(isComplete());
    observers.planned(
        tree, candidates.stream().map(tree.keys()::get).toList(), stages, search.most());
    Map<StageKey, StageReport> finished = stored.read(stages, tree.root(), book.reports());
    if (resume == RetryPolicy.RETRY_FAILURES) {
      finished = stored.forgetFailures(finished);
    }
    found.addAll(finished.keySet());
    open.addAll(finished.keySet());
    return Optional.of(new Added(stages, finished));
  }

  @Override
  public Map<StageKey, StageReport> made(List<Stage> stages) {
    Map<StageKey, StageReport> made = stored.read(stages, tree.root(), book.reports());
    found.addAll(made.keySet());
    open.addAll(made.keySet());
    return made;
  }

  /** Takes the report of a stage that has ended. */
  void take(StageReport report) {
    if (open.remove(report.key())) {
      observers.found(report);
    } else {
      observers.ran(report);
    }
    book.add(report, (candidate, outcome) -> observers.ended(candidate, outcome, book.done()));
  }

  /** Takes the report of a stage that ran again. */
  void replace(StageReport report) {
    found.remove(report.key());
    book.replace(report, observers.ledger()::add);
  }

  /** The reports that were taken, by their stages. */
  Map<StageKey, StageReport> reports() {
    return book.reports();
  }

  /** The stages whose reports are those of earlier runs. */
  Set<StageKey> found() {
    return Collections.unmodifiableSet(found);
  }

  /** The outcome of every candidate, in their order; all must have ended. */
  Map<Candidate, Outcome> outcomes() {
    return book.outcomes();
  }
}
