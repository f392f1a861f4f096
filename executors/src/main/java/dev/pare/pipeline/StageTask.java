package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import java.io.Serializable;
import java.util.List;

/**
 * Stages to run one after the other in one go; the last one's product is kept.
 *
 * @param parent whose network the first step starts from
 * @param steps at least one
 */
public record StageTask(StageKey parent, List<Step> steps) implements Serializable {
  public StageTask {
    requireNonNull(parent, "parent is null");
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("no steps");
    }
  }

  /** A stage and the content address of its product. */
  public record Step(StageKey key, StageSettings settings) implements Serializable {
    public Step {
      requireNonNull(key, "key is null");
      requireNonNull(settings, "settings is null");
    }
  }

  /** The content address of what the task makes. */
  public StageKey key() {
    return steps.get(steps.size() - 1).key();
  }
}
