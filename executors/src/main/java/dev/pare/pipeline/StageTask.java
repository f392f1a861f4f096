package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.ArchitectureForm;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stages to run in one go, as a small tree: each starts from the product of an earlier one, or from
 * one in the store.
 *
 * @param steps at least one, each after the one that it starts from
 */
public record StageTask(List<Step> steps) implements Serializable {
  public StageTask {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("no steps");
    }
    Set<StageKey> before = new HashSet<>();
    Set<StageKey> unused = new HashSet<>();
    for (Step step : steps) {
      if (!before.add(step.key())) {
        throw new IllegalArgumentException("two steps make " + step.key().abbreviated());
      }
      if (step.product() == Product.PASSED_ON) {
        unused.add(step.key());
      }
      unused.remove(step.parent());
    }
    if (!unused.isEmpty()) {
      throw new IllegalArgumentException("steps that are neither kept nor used: " + unused);
    }
  }

  /** What becomes of a step's product. */
  public enum Product {
    /** It goes into the store, with a report of its own. */
    KEPT,
    /** It only is what later steps of the task start from. */
    PASSED_ON
  }

  /**
   * A stage and the content addresses of its product and of what it starts from.
   *
   * @param parent an earlier step of the task, or else a product in the store
   * @param start the layers that the student began with, or null for the teacher's
   */
  public record Step(
      StageKey key,
      StageKey parent,
      StageSettings settings,
      Product product,
      @Nullable ArchitectureForm start)
      implements Serializable {
    public Step {
      requireNonNull(key, "key is null");
      requireNonNull(parent, "parent is null");
      requireNonNull(settings, "settings is null");
      requireNonNull(product, "product is null");
    }

    /** Of a student that began with the teacher. */
    public Step(StageKey key, StageKey parent, StageSettings settings, Product product) {
      this(key, parent, settings, product, null);
    }
  }

  /** What the task is called: the key of its first step, which no other task has. */
  public StageKey key() {
    return steps.get(0).key();
  }
}
