package dev.pare.candidate;

import static dev.pare.candidate.Checks.between;
import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Sets a share of the weights to zero, for good, and trains what remains. Biases are never pruned.
 *
 * @param sparsity the share of weights that become zero, 0 up to but not including 1; inputs that
 *     are constant over the training data lose all of theirs first, even where that is more
 * @param outputSparsity the output layer's own share, or null to treat it as the others; with
 *     {@link Scope#GLOBAL} an output layer with its own share is left out of the common pool
 * @param saliency what makes a weight worth keeping
 * @param scope where weights compete
 * @param schedule when they go
 * @param ramp the share of the training steps over which a gradual schedule prunes; the rest heals
 * @param training how the student trains meanwhile
 */
public record Prune(
    double sparsity,
    @Nullable Double outputSparsity,
    Saliency saliency,
    Scope scope,
    Schedule schedule,
    double ramp,
    Training training)
    implements StageSettings {
  public Prune {
    share("sparsity", sparsity);
    if (outputSparsity != null) {
      share("output-sparsity", outputSparsity);
    }
    requireNonNull(saliency, "saliency is null");
    requireNonNull(scope, "scope is null");
    requireNonNull(schedule, "schedule is null");
    between("ramp", ramp, 0, 1);
    requireNonNull(training, "training is null");
  }

  private static void share(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " = " + value + ": must be at least 0 and below 1");
    }
  }

  @Override
  public Kind kind() {
    return Kind.PRUNE;
  }

  /** What makes a weight worth keeping. */
  public enum Saliency {
    /** Its absolute value. */
    MAGNITUDE
  }

  /** Where weights compete for being kept. */
  public enum Scope {
    /** Within their layer: every layer gets the same sparsity. */
    LAYER,
    /** Across all layers: one threshold. */
    GLOBAL
  }

  /** When weights go. */
  public enum Schedule {
    /** All at once, before training. */
    ONE_SHOT,
    /** Along the cubic ramp of Zhu and Gupta (2017), while training. */
    GRADUAL,
    /**
     * In a chain of one-shot stages, one for each lower sparsity of the sweep, each trained before
     * the next (Han, Pool, Tran and Dally 2015). The plan makes the chain; one stage by itself does
     * as {@link #ONE_SHOT}.
     */
    ITERATIVE
  }
}
