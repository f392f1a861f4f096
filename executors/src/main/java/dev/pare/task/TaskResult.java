package dev.pare.task;

import dev.pare.pipeline.StageReport;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a run of a stage task: a report of each step that is kept, or a transient failure.
 *
 * @param reports in the order of the steps; empty after a failure
 * @param failure why there are no reports, or null if there are
 */
public record TaskResult(List<StageReport> reports, @Nullable TransientFailure failure)
    implements Serializable {
  public TaskResult {
    reports = List.copyOf(reports);
    if (failure != null && !reports.isEmpty()) {
      throw new IllegalArgumentException("reports of a failure");
    }
  }

  /** All went well, or as badly as the settings want it. */
  public static TaskResult of(List<StageReport> reports) {
    return new TaskResult(reports, null);
  }

  /** Another try may do better. */
  public static TaskResult of(TransientFailure failure) {
    return new TaskResult(List.of(), failure);
  }
}
