package dev.pare.report.page;

import static java.util.Objects.requireNonNull;

import dev.pare.frontier.FrontierChange;
import dev.pare.frontier.FrontierSnapshot;
import dev.pare.frontier.Hypervolume;
import dev.pare.frontier.ParetoFrontier;
import java.time.Instant;

/**
 * The run before, for a report to say what the frontier has gained or lost since.
 *
 * @param ended when it ended
 * @param before the frontier that it left
 * @param after the frontier that the report is of
 * @param measure of how good both are
 */
public record EarlierRun(
    Instant ended, FrontierSnapshot before, FrontierSnapshot after, Hypervolume measure) {
  public EarlierRun {
    requireNonNull(ended, "ended is null");
    requireNonNull(before, "before is null");
    requireNonNull(after, "after is null");
    requireNonNull(measure, "measure is null");
  }

  /** What was gained or lost, budget by budget. */
  FrontierChange change() {
    return FrontierChange.of(before, after);
  }

  /** How good a frontier is. */
  double hypervolume(FrontierSnapshot frontier) {
    return measure.of(ParetoFrontier.of(frontier.points()));
  }
}
