package dev.pare.candidate;

import static dev.pare.candidate.Checks.between;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sets a share of the weights to zero, for good unless the schedule has them change places, and
 * trains what remains. Biases are never pruned, except with the units that they belong to.
 *
 * <p>Any values make a record; {@link #conflict()} tells which make no sense together.
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
 * @param start the weights to begin with; what is zero of a student then counts as pruned
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
    Start start,
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
    requireNonNull(start, "start is null");
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
        Start.TEACHER,
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

  /** Why these settings make no sense together, whatever the network; empty if they do. */
  public Optional<String> conflict() {
    boolean unit = granularity.kind() == Granularity.Kind.UNIT;
    boolean pattern = granularity.kind() == Granularity.Kind.N_OF_M;
    if (saliency == Saliency.ACTIVATION && !unit) {
      return Optional.of("saliency = activation: needs granularity = unit");
    }
    Optional<String> structural = structuralConflict();
    if (structural.isPresent()) {
      return structural;
    }
    if (saliency == Saliency.RECONSTRUCTION && unit) {
      return Optional.of("saliency = reconstruction: needs weights or blocks, not units");
    }
    if (saliency == Saliency.SURGEON && unit) {
      return Optional.of("saliency = surgeon: needs weights or blocks, not units");
    }
    if (saliency == Saliency.MOVEMENT && (schedule != Schedule.GRADUAL || training.epochs() == 0)) {
      return Optional.of("saliency = movement: needs schedule = gradual and epochs to move in");
    }
    if (saliency == Saliency.MOVEMENT && ramp == 0) {
      return Optional.of("saliency = movement: needs a ramp above 0 to see weights move");
    }
    if (saliency == Saliency.MOVEMENT && scope == Scope.SENSITIVITY && layerSparsity.isEmpty()) {
      return Optional.of("scope = sensitivity: needs a saliency known before training");
    }
    if (unit && outputSparsity != null) {
      return Optional.of("output-sparsity: the output layer keeps its units; leave it out");
    }
    if (unit && scope == Scope.ERDOS_RENYI_KERNEL && layerSparsity.isEmpty()) {
      return Optional.of("scope = erdos-renyi-kernel: is for weights and blocks, not units");
    }
    if (unit && !layerSparsity.isEmpty() && layerSparsity.get(layerSparsity.size() - 1) != 0) {
      return Optional.of("layer-sparsity: the output layer keeps its units; its share must be 0");
    }
    if (pattern && outputSparsity != null && outputSparsity != 0) {
      return Optional.of("output-sparsity: must be 0 or left out where granularity is N:M");
    }
    if (pattern && !layerSparsity.isEmpty()) {
      return Optional.of("layer-sparsity: must be left out where granularity is N:M");
    }
    if (schedule == Schedule.REWIND && saliency.updates()) {
      return Optional.of(
          "schedule = rewind: undoes what saliency = surgeon and reconstruction do to survivors");
    }
    if (schedule.regrows() && granularity.kind() != Granularity.Kind.WEIGHT) {
      return Optional.of(text(schedule) + ": needs granularity = weight");
    }
    if (schedule.regrows() && saliency != Saliency.MAGNITUDE) {
      return Optional.of(text(schedule) + ": drops by saliency = magnitude");
    }
    if (schedule.regrows() && ramp == 0) {
      return Optional.of(text(schedule) + ": needs a ramp above 0 to change places in");
    }
    if (schedule.regrows() && training.epochs() == 0) {
      return Optional.of(text(schedule) + ": needs epochs to change places in");
    }
    return start == Start.RANDOM ? conflictOfRandomStart() : Optional.empty();
  }

  private Optional<String> conflictOfRandomStart() {
    if (training.epochs() == 0) {
      return Optional.of("start = random: needs epochs to learn in");
    }
    if (schedule == Schedule.REWIND || schedule == Schedule.ITERATIVE) {
      return Optional.of(text(schedule) + ": needs start = teacher");
    }
    if (scope == Scope.SENSITIVITY && layerSparsity.isEmpty()) {
      return Optional.of("scope = sensitivity: needs start = teacher, as it asks what is learned");
    }
    return Optional.empty();
  }

  /** What makes no sense where heads or layers go. */
  private Optional<String> structuralConflict() {
    boolean layer = granularity.kind() == Granularity.Kind.LAYER;
    if (!layer && granularity.kind() != Granularity.Kind.HEAD) {
      return Optional.empty();
    }
    String what = "granularity = " + granularity + ": ";
    if (saliency.updates()) {
      return Optional.of(what + "saliency = surgeon and reconstruction are for weights and blocks");
    }
    if (outputSparsity != null || !layerSparsity.isEmpty()) {
      return Optional.of(
          what + "output-sparsity and layer-sparsity must be left out, only sparsity counts");
    }
    if (layer && scope != Scope.GLOBAL) {
      return Optional.of(what + "needs scope = global");
    }
    if (scope == Scope.ERDOS_RENYI_KERNEL) {
      return Optional.of("scope = erdos-renyi-kernel: is for weights and blocks, not heads");
    }
    if (layer && (schedule == Schedule.GRADUAL || schedule == Schedule.REWIND)) {
      return Optional.of(what + "needs schedule = one-shot or iterative");
    }
    if (layer && saliency != Saliency.MAGNITUDE && saliency != Saliency.RANDOM) {
      return Optional.of(
          what
              + "layers go by what the loss rises without them; leave saliency at magnitude, or set"
              + " it to random");
    }
    return Optional.empty();
  }

  private static String text(Schedule schedule) {
    return "schedule = " + schedule.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The weights to begin with. */
  public enum Start {
    /** The student's own, which are the teacher's unless an earlier stage has changed them. */
    TEACHER,
    /** None: a fresh draw, whatever the student was. */
    RANDOM
  }

  /** What makes a weight worth keeping. */
  public enum Saliency {
    /** Its absolute value; of several, the root of their mean square. */
    MAGNITUDE,
    /**
     * What the losses of single calibration examples change without it, to first order: the mean
     * over examples of |w·∂L/∂w|, of several of |Σ w·∂L/∂w| (Molchanov et al. 2017).
     */
    GRADIENT,
    /** Its movement away from zero, −Σ w·∂L/∂w over the training steps (Sanh et al. 2020). */
    MOVEMENT,
    /**
     * What the loss rises without it, to second order and by itself: ½·F·w², with the diagonal of
     * the empirical Fisher matrix (LeCun et al. 1990); of several half the mean over examples of (Σ
     * w·∂L/∂w)² (Theis et al. 2018; Molchanov et al. 2019).
     */
    FISHER,
    /**
     * What the loss rises without it after the others of its block have made up for it, which they
     * do (Hassibi and Stork 1993), with the inverse of the empirical Fisher matrix in blocks (Singh
     * and Alistarh 2020, Kurtic et al. 2022).
     */
    SURGEON,
    /**
     * What its layer's output on calibration examples changes without it; those that stay become
     * the least squares fit to what the layer said (Frantar et al. 2022).
     */
    RECONSTRUCTION,
    /** How often a unit's output is not zero, after its ReLU (Hu et al. 2016). */
    ACTIVATION,
    /** Nothing: a seeded draw, which everything must beat. */
    RANDOM;

    /** Whether survivors change when others go. */
    public boolean updates() {
      return this == SURGEON || this == RECONSTRUCTION;
    }

    /** Whether calibration examples are asked. */
    public boolean asksData() {
      return switch (this) {
        case MAGNITUDE, MOVEMENT, RANDOM -> false;
        case GRADIENT, FISHER, SURGEON, RECONSTRUCTION, ACTIVATION -> true;
      };
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
