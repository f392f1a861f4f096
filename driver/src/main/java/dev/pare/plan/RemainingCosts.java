package dev.pare.plan;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.ArchitectureForm;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Start;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What candidates take beyond the stages that they share with those that have begun. */
final class RemainingCosts {
  private final StageCosts seconds;
  private final Branch root = new Branch();

  /** Where stages go on from, by objects: equal stages of a {@link CandidateSpace} are one. */
  private static final class Branch {
    private final Map<StageSettings, Branch> next = new IdentityHashMap<>();
  }

  /**
   * @param seconds of a stage by itself
   */
  RemainingCosts(StageCosts seconds) {
    this.seconds = requireNonNull(seconds, "seconds is null");
  }

  /** Counts these stages no more. */
  void begin(List<StageSettings> stages) {
    Branch branch = root;
    for (StageSettings stage : stages) {
      branch = branch.next.computeIfAbsent(stage, first -> new Branch());
    }
  }

  /** The seconds of those of these stages that have not begun. */
  double seconds(List<StageSettings> stages) {
    double sum = 0;
    Branch branch = root;
    ArchitectureForm start = stages.get(0) instanceof Start first ? first.layers() : null;
    for (StageSettings stage : stages) {
      branch = branch == null ? null : branch.next.get(stage);
      if (branch == null) {
        sum += seconds.seconds(stage, start);
      }
    }
    return sum;
  }
}
