package dev.pare.report.page;

import dev.pare.candidate.Outcome;
import dev.pare.ledger.LedgerEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the stages of a kind took, in all candidates that have a file.
 *
 * @param stage kind of the stages, in lower case
 * @param runs how many different ones there are; a stage that candidates share is one
 * @param seconds what those took
 * @param unshared what they would have taken had every candidate run its own
 */
record StageTime(String stage, int runs, double seconds, double unshared) {
  /** The kinds in the order in which they run. */
  static List<StageTime> of(List<LedgerEntry> candidates) {
    Map<String, StageTime> times = new LinkedHashMap<>();
    for (StageSegment segment : StageSegment.of(candidates)) {
      times.merge(
          segment.kind(), new StageTime(segment.kind(), 1, segment.seconds(), 0), StageTime::plus);
    }
    for (LedgerEntry candidate : candidates) {
      if (candidate.outcome() instanceof Outcome.Measured measured) {
        measured
            .seconds()
            .forEach(
                (kind, seconds) ->
                    times.computeIfPresent(
                        kind, (k, time) -> time.plus(new StageTime(k, 0, 0, seconds))));
      }
    }
    return new ArrayList<>(times.values());
  }

  private StageTime plus(StageTime other) {
    return new StageTime(
        stage, runs + other.runs, seconds + other.seconds, unshared + other.unshared);
  }
}
