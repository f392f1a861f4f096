package dev.pare.run;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.folder.References;
import dev.pare.folder.SweepFolder;
import dev.pare.pipeline.StageReport;
import dev.pare.plan.CandidateSearch;
import dev.pare.plan.StageTree;
import dev.pare.plan.StageTree.Stage;
import dev.pare.schedule.CandidateSource;
import dev.pare.schedule.OutcomeBook;
import dev.pare.schedule.RetryPolicy;
import dev.pare.schedule.StoredReports;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The candidates of a sweep while it runs: asked for, looked up in the store, and reported. */
final class SweepCandidates implements CandidateSource {
  private static final Logger LOG = LoggerFactory.getLogger(SweepCandidates.class);

  private final CandidateSearch search;
  private final StageTree tree;
  private final OutcomeBook book;
  private final StoredReports stored;
  private final RetryPolicy resume;
  private final SweepFolder folder;
  private final String configuration;
  private final SweepObservers observers;
  private final Consumer<List<Stage>> check;

  /** Stages that an earlier run had, and those of them whose reports were not taken yet. */
  private final Set<StageKey> found = new HashSet<>();

  private final Set<StageKey> open = new HashSet<>();

  /** What an earlier run noted; null until that is asked. */
  private @Nullable References referencesBefore;

  private boolean isAnnounced;

  /**
   * @param tree without candidates yet
   * @param folder of the results
   * @param configuration SHA-256 of that among them
   * @param check told of stages before they run
   */
  SweepCandidates(
      CandidateSearch search,
      StageTree tree,
      StoredReports stored,
      RetryPolicy resume,
      SweepFolder folder,
      String configuration,
      SweepObservers observers,
      Consumer<List<Stage>> check) {
    this.search = search;
    this.tree = tree;
    this.book = new OutcomeBook(tree);
    this.stored = stored;
    this.resume = resume;
    this.folder = folder;
    this.configuration = configuration;
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
    writeReferences();
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

  /**
   * Notes the teacher, and the product of every stage; while a search goes on also what an earlier
   * run noted, which this one may come to again. That run's frontier is there until this one's is.
   */
  private void writeReferences() {
    Set<StageKey> keys = new LinkedHashSet<>();
    tree.all().forEach(stage -> keys.add(stage.key()));
    keys.add(tree.root());
    References before = referencesBefore == null ? references() : referencesBefore;
    referencesBefore = before;
    if (!isComplete()) {
      keys.addAll(before.keys());
    }
    folder.writeReferences(new References(Optional.of(configuration), before.frontiers(), keys));
  }

  /** A file that a person has spoiled ends no sweep. */
  private References references() {
    References none = new References(Optional.empty(), Set.of(), Set.of());
    try {
      return References.of(folder).orElse(none);
    } catch (IOException e) {
      LOG.warn("{}; it is written anew", e.getMessage());
      return none;
    }
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
