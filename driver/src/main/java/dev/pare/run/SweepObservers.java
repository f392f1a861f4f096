package dev.pare.run;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.ledger.RunningLedger;
import dev.pare.pipeline.StageReport;
import dev.pare.plan.StageTree;
import dev.pare.plan.StageTree.Stage;
import dev.pare.status.EventLog;
import dev.pare.status.SweepCounters;
import java.util.List;

/** All that keep account of a sweep while it runs. */
record SweepObservers(
    RunningLedger ledger, SweepCounters counters, EventLog events, SweepListener listener) {
  /**
   * There are candidates to try, or more of them, or it is known now that no more will follow.
   *
   * @param tree of all candidates so far
   * @param keys of those that are new
   * @param stages that are new
   * @param atMost how many candidates there can come to be
   */
  void planned(StageTree tree, List<StageKey> keys, List<Stage> stages, int atMost) {
    ledger.expect(keys);
    counters.planned(
        tree.keys().size(), atMost, stages.stream().map(s -> s.settings().kind()).toList());
    events.sweep("planned", counters.status());
    listener.planned(tree, atMost);
  }

  /** A stage has ended that this run has computed itself. */
  void ran(StageReport report) {
    counters.ran(report);
    events.stage(report, "ran");
  }

  /** A stage has ended without any work, since an earlier run had its product. */
  void found(StageReport report) {
    counters.found(report);
    events.stage(report, "found");
  }

  /** A candidate has ended, as the {@code done}-th one. */
  void ended(Candidate candidate, Outcome outcome, int done) {
    ledger.add(candidate, outcome);
    counters.ended(candidate, outcome);
    events.candidate(candidate, outcome);
    listener.finished(candidate, outcome, done);
  }
}
