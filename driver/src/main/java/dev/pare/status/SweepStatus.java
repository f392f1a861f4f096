package dev.pare.status;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a sweep stands at one moment.
 *
 * @param sweep its name
 * @param doing what it is at before its candidates start, in words
 * @param candidates how many there are, 0 before they are known; of a search that goes on, so far
 * @param atMost how many there can come to be, while a search goes on; null if no more will follow
 * @param done how many of them have ended, the failed ones included
 * @param stages how many there are for them, the shared ones counted once
 * @param stagesDone how many of these have come to a product
 * @param frontier files on the frontier
 * @param hypervolume of the frontier, see {@link dev.pare.frontier.Hypervolume}
 * @param stageSeconds task time that this run has spent, by the kind of the stage in lower case
 * @param secondsLeft estimated, of as many candidates as there can be, or null if nothing is left
 *     or there is nothing to estimate from
 * @param startedMillis when this run began, since 1970
 * @param updatedMillis when this was the state, since 1970
 */
public record SweepStatus(
    String sweep,
    State state,
    String doing,
    int candidates,
    @Nullable Integer atMost,
    int done,
    int failed,
    int stages,
    int stagesDone,
    int frontier,
    double hypervolume,
    Map<String, Double> stageSeconds,
    @Nullable Double secondsLeft,
    long startedMillis,
    long updatedMillis) {
  /** What becomes of a run. */
  public enum State {
    /** It runs, or it died without a word. */
    RUNNING,
    /** It has ended, all results are there. */
    DONE,
    /** It was stopped, and goes on when it is started again. */
    INTERRUPTED,
    /** An error ended it. */
    FAILED
  }

  public SweepStatus {
    requireNonNull(sweep, "sweep is null");
    requireNonNull(state, "state is null");
    requireNonNull(doing, "doing is null");
    stageSeconds = Collections.unmodifiableMap(new TreeMap<>(stageSeconds));
  }
}
