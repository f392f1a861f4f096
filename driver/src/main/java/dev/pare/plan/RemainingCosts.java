package dev.pare.plan;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.StageSettings;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What candidates take beyond the stages that they share with those that have begun. */
final class RemainingCosts {
  private final ToDoubleFunction<StageSettings> seconds;
  private final Branch root = new Branch();

  /** Where stages go on from, by objects: equal stages of a {@link CandidateSpace} are one. */
  private static final class Branch {
    private final Map<StageSettings, Branch> next = new IdentityHashMap<>();
  }

  /**
   * @param seconds of a stage by itself
   */
  RemainingCosts(ToDoubleFunction<StageSettings> seconds) {
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
    for (StageSettings stage : stages) {
      branch = branch == null ? null : branch.next.get(stage);
      if (branch == null) {
        sum += seconds.applyAsDouble(stage);
      }
    }
    return sum;
  }
}
