package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Activate;
import dev.pare.candidate.BatchNormalization;
import dev.pare.candidate.Distillation;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Regularize;
import dev.pare.candidate.Start;
import dev.pare.candidate.Training;
import dev.pare.quantize.Quantizers;
import dev.pare.sparsify.PruningChecks;
import dev.pare.sparsify.Saliencies;
import dev.pare.sparsify.Saliency;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The stages that every candidate takes, with the values that the search space does not vary.
 * Temperature, alpha and what else there is to distillation are the same in all stages, what
 * becomes of batch normalization, and whether files hold the origin.
 *
 * @param epochsShare what share of each stage's epochs students are trained for, above 0, at most 1
 */
public record StudentSpec(
    Order order,
    double epochsShare,
    Start start,
    Factorize factorize,
    Activate activate,
    Regularize regularize,
    Prune prune,
    Quantize quantize,
    Encode encode)
    implements Serializable {
  /** Examples of a batch whose pairs are compared. */
  private static final int MOST_RELATED = 16_384;

  private static final RecordPath EPOCHS_SHARE = new RecordPath(StudentSpec.class, "epochsShare");
  private static final List<RecordPath> EPOCHS =
      Stream.of("start", "factorize", "activate", "regularize", "prune", "quantize")
          .map(stage -> new RecordPath(StudentSpec.class, stage + ".training.epochs"))
          .toList();

  public StudentSpec {
    requireNonNull(order, "order is null");
    if (!(epochsShare > 0 && epochsShare <= 1)) {
      throw new IllegalArgumentException(
          "epochs-share = " + epochsShare + ": must be above 0 and at most 1");
    }
    requireNonNull(start, "start is null");
    requireNonNull(factorize, "factorize is null");
    requireNonNull(activate, "activate is null");
    requireNonNull(regularize, "regularize is null");
    requireNonNull(prune, "prune is null");
    requireNonNull(quantize, "quantize is null");
    requireNonNull(encode, "encode is null");
    checkAlike(prune.training(), quantize.training());
    checkAlike(prune.training(), start.training());
    checkAlike(prune.training(), factorize.training());
    checkAlike(prune.training(), activate.training());
    checkAlike(prune.training(), regularize.training());
    if (quantize.batchNormalization() != encode.batchNormalization()) {
      throw new IllegalArgumentException(
          "batch normalization differs: " + quantize + ", " + encode);
    }
    if (quantize.origin() != encode.origin()) {
      throw new IllegalArgumentException("origin differs: " + quantize + ", " + encode);
    }
  }

  /**
   * Of the teacher, with whole weights and its ReLUs, without a penalty, pruned before it is
   * quantized.
   */
  public StudentSpec(Prune prune, Quantize quantize, Encode encode) {
    this(
        Order.PRUNE_QUANTIZE,
        1,
        Start.none(prune.training()),
        Factorize.none(prune.training()),
        new Activate(Activate.Rule.NONE, 0, 1, prune.training()),
        Regularize.none(prune.training()),
        prune,
        quantize,
        encode);
  }

  private static void checkAlike(Training one, Training other) {
    if (one.temperature() != other.temperature()
        || one.alpha() != other.alpha()
        || !one.distillation().equals(other.distillation())
        || !one.averaging().equals(other.averaging())
        || !one.adversarial().equals(other.adversarial())
        || !Objects.equals(one.repeat(), other.repeat())) {
      throw new IllegalArgumentException(
          "distillation, average, adversarial or repeat differs: " + one + ", " + other);
    }
  }

  /** What comes first. */
  public enum Order {
    PRUNE_QUANTIZE,
    /** Weights that have few values become zero; nothing is trained after quantization. */
    QUANTIZE_PRUNE
  }

  /** The same with the epochs that it is trained for as those of its stages. */
  public StudentSpec shortened() {
    if (epochsShare == 1) {
      return this;
    }
    Map<RecordPath, @Nullable Object> values = new HashMap<>();
    for (RecordPath epochs : EPOCHS) {
      int whole = (Integer) requireNonNull(epochs.of(this));
      // What is not trained at all is something else than what is trained little.
      values.put(epochs, whole == 0 ? 0 : Math.max(1, (int) Math.round(epochsShare * whole)));
    }
    values.put(EPOCHS_SHARE, 1.0);
    return RecordPath.copy(this, values);
  }

  /** Whether the student is quantized before it is pruned. */
  public boolean quantizesFirst() {
    return order == Order.QUANTIZE_PRUNE && quantize.bits() != Quantize.FLOAT_BITS;
  }

  /** Whether a penalty draws weights to zero before all else. */
  public boolean regularizes() {
    return regularize.penalty() != Regularize.Penalty.NONE;
  }

  /** Why these settings make no sense together, whatever the network; empty if they do. */
  public Optional<String> conflict() {
    if (quantizesFirst() && prune.schedule() != Prune.Schedule.ONE_SHOT) {
      return Optional.of(
          "order = quantize-prune: needs schedule = one-shot, as nothing is trained then");
    }
    if (quantizesFirst() && Saliencies.of(prune.saliency()).updates()) {
      return Optional.of(
          "order = quantize-prune: needs a saliency that leaves the other weights' values alone,"
              + " not "
              + prune.saliency());
    }
    if (quantizesFirst() && !hasSingleWeights()) {
      return Optional.of(
          "order = quantize-prune: quantizer = %s has codewords of several weights, of which no single one can be pruned"
              .formatted(quantize.quantizer()));
    }
    if (quantizesFirst() && prune.initialization() == Prune.Initialization.RANDOM) {
      return Optional.of(
          "order = quantize-prune: needs initialization = teacher, as nothing is trained then");
    }
    if (regularizes() && prune.initialization() == Prune.Initialization.RANDOM) {
      return Optional.of(
          penalty() + ": needs initialization = teacher, or all that it did is lost");
    }
    if (regularizes() && prune.schedule().regrows()) {
      return Optional.of(
          penalty() + ": needs a schedule in which zeros stay, not set, rigl or sparse-momentum");
    }
    if (start.isOwn()) {
      Optional<String> own = startConflict();
      if (own.isPresent()) {
        return own;
      }
    }
    if (quantize.roundsActivations()) {
      Optional<String> own = activationConflict();
      if (own.isPresent()) {
        return own;
      }
    }
    if (quantize.quantizer().equals(Quantize.Quantizer.ENTROPY_PENALIZED)
        && quantize.bits() != Quantize.FLOAT_BITS
        && quantize.training().epochs() == 0) {
      return Optional.of("quantizer = entropy-penalized: needs quantize.epochs above 0");
    }
    Distillation distillation = prune.training().effective().distillation();
    int batch = prune.training().batch();
    int fewest = distillation.relation() == Distillation.Relation.ANGLE ? 3 : 2;
    if (distillation.relation() != Distillation.Relation.NONE
        && (batch < fewest || batch > MOST_RELATED)) {
      return Optional.of(
          "relation = %s: needs a batch of %d to %d"
              .formatted(Domain.format(distillation.relation()), fewest, MOST_RELATED));
    }
    boolean structural =
        prune.granularity().kind() == Granularity.Kind.HEAD
            || prune.granularity().kind() == Granularity.Kind.LAYER;
    if (quantizesFirst() && structural) {
      return Optional.of(
          "order = quantize-prune: heads and layers can only go before quantization");
    }
    if (activate.rule() == Activate.Rule.TOP_K
        && prune.granularity().kind() == Granularity.Kind.UNIT
        && prune.schedule() == Prune.Schedule.GRADUAL) {
      return Optional.of(
          "activation = top-k: units that a gradual schedule prunes would go on competing with"
              + " the others; granularity = unit needs schedule = one-shot there");
    }
    Optional<String> factors =
        factorize.method() == Factorize.Method.NONE ? Optional.empty() : factorConflict();
    return factors.or(regularize::conflict).or(() -> PruningChecks.conflict(prune));
  }

  /** What a network of its own cannot do with. */
  private Optional<String> startConflict() {
    String needed = ": needs architecture = teacher and width = 1";
    if (prune.schedule() == Prune.Schedule.REWIND) {
      return Optional.of("schedule = rewind" + needed + ", to whose first weights it returns");
    }
    if (prune.initialization() == Prune.Initialization.RANDOM) {
      return Optional.of(
          "initialization = random" + needed + "; what start.epochs have taught would be lost");
    }
    boolean trains =
        start.training().epochs() > 0
            || prune.training().epochs() > 0
            || quantize.training().epochs() > 0;
    return trains
        ? Optional.empty()
        : Optional.of(
            "architecture = "
                + start.architecture()
                + ", width = "
                + Domain.format(start.width())
                + ": needs start.epochs above 0, as nothing is trained otherwise");
  }

  /** What arithmetic in integers cannot do with. */
  private Optional<String> activationConflict() {
    if (quantize.bits() == Quantize.FLOAT_BITS) {
      return Optional.of("activation-bits = 8: needs quantize.bits of 8 at most, not floats");
    }
    if (!Quantizers.of(quantize.quantizer()).hasEqualSteps()) {
      return Optional.of(
          "activation-bits = 8: needs a quantizer of equal steps, one a tensor or an output unit:"
              + " uniform, uniform-channel, gptq or entropy-penalized, not "
              + quantize.quantizer());
    }
    return quantize.batchNormalization() == BatchNormalization.FOLD
        ? Optional.empty()
        : Optional.of("activation-bits = 8: needs batch-normalization = fold");
  }

  private boolean hasSingleWeights() {
    return Quantizers.of(quantize.quantizer()).hasSingleWeights();
  }

  private String penalty() {
    return "penalty = " + regularize.penalty().text();
  }

  /** Why weights as products make no sense with what comes after. */
  private Optional<String> factorConflict() {
    boolean unit = prune.granularity().kind() == Granularity.Kind.UNIT;
    if (factorize.conflict().isPresent()) {
      return factorize.conflict();
    }
    if (prune.schedule() == Prune.Schedule.REWIND) {
      return Optional.of(
          "schedule = rewind: factors have no initial weights; needs factorize = none");
    }
    if (!prune.layerSparsity().isEmpty()) {
      return Optional.of(
          "layer-sparsity: factorize changes how many layers there are; leave it out");
    }
    if (prune.saliency().equals(Prune.Saliency.ACTIVATION)) {
      return Optional.of(
          "saliency = activation: needs factorize = none, as the first of two factors has no ReLU");
    }
    if (unit && prune.schedule() == Prune.Schedule.ITERATIVE) {
      return Optional.of(
          "granularity = unit: with factorize, schedule = iterative is not supported; needs"
              + " factorize = none");
    }
    if (factorize.sparseResidual() > 0 && prune.initialization() == Prune.Initialization.RANDOM) {
      return Optional.of(
          "initialization = random: needs sparse-residual = 0, whose zeros would be drawn anew");
    }
    if (factorize.sparseResidual() > 0 && unit) {
      return Optional.of(
          "granularity = unit: needs sparse-residual = 0, as its layers have no units");
    }
    if (factorize.sparseResidual() > 0
        && Saliencies.of(prune.saliency()).evidence() == Saliency.Evidence.INPUTS) {
      return Optional.of("saliency = " + prune.saliency() + ": needs sparse-residual = 0");
    }
    if (factorize.sparseResidual() > 0
        && quantize.bits() != Quantize.FLOAT_BITS
        && !hasSingleWeights()) {
      return Optional.of(
          "quantizer = %s: needs sparse-residual = 0, whose zeros would not stay zero"
              .formatted(quantize.quantizer()));
    }
    if (factorize.sparseResidual() > 0 && prune.schedule().regrows()) {
      return Optional.of(
          "sparse-residual: its zeros stay, but grow again with schedule = set, rigl and sparse-momentum;"
              + " needs sparse-residual = 0");
    }
    Granularity.Kind granularity = prune.granularity().kind();
    if (granularity == Granularity.Kind.HEAD || granularity == Granularity.Kind.LAYER) {
      return Optional.of("granularity = " + prune.granularity() + ": needs factorize = none");
    }
    if (regularize.penalty().isOfGroups()) {
      return Optional.of(
          penalty() + ": needs factorize = none, as its groups are of whole weights");
    }
    return Optional.empty();
  }

  /**
   * These stages with one value replaced.
   *
   * @param value as {@link Dimension#spell} spells it
   */
  public StudentSpec with(Dimension dimension, String value) {
    return dimension.with(this, value);
  }
}
