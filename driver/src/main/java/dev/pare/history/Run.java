package dev.pare.history;

import static java.util.Objects.requireNonNull;

import dev.pare.frontier.FrontierSnapshot;
import dev.pare.report.FrontierReport;

/**
 * What is kept of a run.
 *
 * @param report the frontier as it was told
 * @param snapshot the same files, with the validation examples that each gets right
 */
public record Run(RunTime time, FrontierReport report, FrontierSnapshot snapshot) {
  public Run {
    requireNonNull(time, "time is null");
    requireNonNull(report, "report is null");
    requireNonNull(snapshot, "snapshot is null");
  }
}
