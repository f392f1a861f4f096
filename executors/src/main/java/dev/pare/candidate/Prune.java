package dev.pare.candidate;

import static dev.pare.candidate.Checks.between;
import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sets a share of the weights to zero, for good unless the schedule has them change places, and
 * trains what remains. Biases are never pruned, except with the units that they belong to.
 *
 * <p>Any values make a record; {@code dev.pare.sparsify.PruningChecks} tells which make no sense
 * together.
 *
 * @param sparsity the share of weights, blocks, units, heads or layers that go, 0 up to but not
 *     including 1; the pattern's where N of M stay. Inputs that are constant over the training data
 *     lose all of their weights first, even where that is more
 * @param outputSparsity the output layer's own share, or null to treat it as the others; with a
 *     scope in which layers compete, an output layer with its own share does not take part
 * @param layerSparsity every weight layer's own share, from input to output, in place of {@code
 *     sparsity}, {@code outputSparsity} and {@code scope}; empty to go by these
 * @param saliency what makes a weight worth keeping
 * @param granularity what goes as one
 * @param scope where weights compete
 * @param schedule when they go
 * @param ramp the share of the training steps over which a gradual schedule prunes, or weights
 *     change places; the rest heals
 * @param initialization the weights to begin with; what is zero of a student then counts as pruned
 * @param regrowth how weights change places where the schedule has them do so
 * @param calibration what saliencies that ask the data go by
 * @param training how the student trains meanwhile
 */
public record Prune(
    double sparsity,
    @Nullable Double outputSparsity,
    List<Double> layerSparsity,
    Saliency saliency,
    Granularity granularity,
    Scope scope,
    Schedule schedule,
    double ramp,
    @KeyName("start") Initialization initialization,
    Regrowth regrowth,
    Calibration calibration,
    Training training)
    implements StageSettings {
  public Prune {
    share("sparsity", sparsity);
    if (outputSparsity != null) {
      share("output-sparsity", outputSparsity);
    }
    layerSparsity = List.copyOf(layerSparsity);
    layerSparsity.forEach(share -> share("layer-sparsity", share));
    requireNonNull(saliency, "saliency is null");
    requireNonNull(granularity, "granularity is null");
    requireNonNull(scope, "scope is null");
    requireNonNull(schedule, "schedule is null");
    between("ramp", ramp, 0, 1);
    requireNonNull(initialization, "initialization is null");
    requireNonNull(regrowth, "regrowth is null");
    requireNonNull(calibration, "calibration is null");
    requireNonNull(training, "training is null");
  }

  /** Single weights of the student, and usual regrowth and calibration. */
  public Prune(
      double sparsity,
      @Nullable Double outputSparsity,
      Saliency saliency,
      Scope scope,
      Schedule schedule,
      double ramp,
      Training training) {
    this(
        sparsity,
        outputSparsity,
        List.of(),
        saliency,
        Granularity.WEIGHT,
        scope,
        schedule,
        ramp,
        Initialization.TEACHER,
        Regrowth.USUAL,
        Calibration.USUAL,
        training);
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

  /** These settings, to be changed. */
  public PruneBuilder but() {
    return new PruneBuilder(this);
  }

  /** Whether no weight has to go. */
  public boolean removesNothing() {
    if (granularity.kind() == Granularity.Kind.N_OF_M) {
      return false;
    }
    return layerSparsity.isEmpty()
        ? sparsity == 0 && (outputSparsity == null || outputSparsity == 0)
        : layerSparsity.stream().allMatch(share -> share == 0);
  }

  /** The weights to begin with. */
  public enum Initialization {
    /** The student's own, which are the teacher's unless an earlier stage has changed them. */
    TEACHER,
    /** None: a fresh draw, whatever the student was. */
    RANDOM
  }

  /**
   * What makes a weight worth keeping.
   *
   * @param name of one of {@code dev.pare.sparsify.Saliencies}
   */
  public record Saliency(String name) implements Registered {
    /** Its absolute value. */
    public static final Saliency MAGNITUDE = new Saliency("magnitude");

    /** What the loss changes without it, to first order. */
    public static final Saliency GRADIENT = new Saliency("gradient");

    /** Its movement away from zero in training. */
    public static final Saliency MOVEMENT = new Saliency("movement");

    /** What the loss rises without it, to second order and by itself. */
    public static final Saliency FISHER = new Saliency("fisher");

    /** The same after the others of its block have made up for it. */
    public static final Saliency SURGEON = new Saliency("surgeon");

    /** What its layer's output changes without it, after the others have made up for it. */
    public static final Saliency RECONSTRUCTION = new Saliency("reconstruction");

    /** How often a unit's output is not zero. */
    public static final Saliency ACTIVATION = new Saliency("activation");

    /** Its square, over the squares of its layer's that are not smaller. */
    public static final Saliency LAMP = new Saliency("lamp");

    /** Its absolute value times the norm of what it is multiplied by. */
    public static final Saliency WANDA = new Saliency("wanda");

    /** What the mean loss changes without it, to first order. */
    public static final Saliency SNIP = new Saliency("snip");

    /** Nothing: a seeded draw. */
    public static final Saliency RANDOM = new Saliency("random");

    public Saliency {
      Checks.name(name);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Where weights compete for being kept. */
  public enum Scope {
    /** Within their layer: every layer gets the same sparsity. */
    LAYER,
    /** Across all layers: one threshold. */
    GLOBAL,
    /**
     * Within their layer, whose density is proportional to (sum of its dimensions)/(their product)
     * (Evci et al. 2020).
     */
    ERDOS_RENYI_KERNEL,
    /**
     * Within their layer; layers get those sparsities for which the rises of the loss, measured of
     * each layer alone on calibration examples, add up to least.
     */
    SENSITIVITY
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
    ITERATIVE,
    /**
     * All at once, before training; what stays returns to what it was before the teacher was
     * trained (Frankle and Carbin 2019).
     */
    REWIND,
    /**
     * All at once, before training; then layers again and again drop their smallest weights and
     * grow as many at random (Mocanu et al. 2018).
     */
    SET,
    /** As {@link #SET}, but those grow whose gradients are largest (Evci et al. 2020). */
    RIGL,
    /**
     * As {@link #SET}, but those grow whose gradients are largest in a moving average, and layers
     * get as much of what was dropped as their weights' averages are large (Dettmers and
     * Zettlemoyer 2019).
     */
    SPARSE_MOMENTUM;

    /** Whether weights change places while training: sparsity stays and zeros do not. */
    public boolean regrows() {
      return this == SET || this == RIGL || this == SPARSE_MOMENTUM;
    }
  }
}
