package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Activate;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.PruneBuilder;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Regularize;
import dev.pare.candidate.Training;
import java.io.Serializable;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The stages that every candidate takes, with the values that the search space does not vary.
 * Temperature and alpha are the same in all stages, and what becomes of batch normalization.
 */
public record StudentSpec(
    Order order,
    Activate activate,
    Regularize regularize,
    Prune prune,
    Quantize quantize,
    Encode encode)
    implements Serializable {
  public StudentSpec {
    requireNonNull(order, "order is null");
    requireNonNull(activate, "activate is null");
    requireNonNull(regularize, "regularize is null");
    requireNonNull(prune, "prune is null");
    requireNonNull(quantize, "quantize is null");
    requireNonNull(encode, "encode is null");
    checkAlike(prune.training(), quantize.training());
    checkAlike(prune.training(), activate.training());
    checkAlike(prune.training(), regularize.training());
    if (quantize.batchNormalization() != encode.batchNormalization()) {
      throw new IllegalArgumentException(
          "batch normalization differs: " + quantize + ", " + encode);
    }
  }

  /** With its ReLUs, without a penalty, pruned before it is quantized. */
  public StudentSpec(Prune prune, Quantize quantize, Encode encode) {
    this(
        Order.PRUNE_QUANTIZE,
        new Activate(Activate.Rule.NONE, 0, 1, prune.training()),
        Regularize.none(prune.training()),
        prune,
        quantize,
        encode);
  }

  private static void checkAlike(Training one, Training other) {
    if (one.temperature() != other.temperature() || one.alpha() != other.alpha()) {
      throw new IllegalArgumentException("temperature or alpha differ: " + one + ", " + other);
    }
  }

  /** What comes first. */
  public enum Order {
    PRUNE_QUANTIZE,
    /** Weights that have few values become zero; nothing is trained after quantization. */
    QUANTIZE_PRUNE
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
    if (quantizesFirst() && prune.saliency().updates()) {
      return Optional.of(
          "order = quantize-prune: needs a saliency that leaves the other weights' values alone,"
              + " not surgeon or reconstruction");
    }
    if (quantizesFirst() && quantize.quantizer() == Quantize.Quantizer.PRODUCT) {
      return Optional.of(
          "order = quantize-prune: of the words of quantizer = product no single weight can go");
    }
    if (quantizesFirst() && prune.start() == Prune.Start.RANDOM) {
      return Optional.of(
          "order = quantize-prune: needs start = teacher, as nothing is trained then");
    }
    if (regularizes() && prune.start() == Prune.Start.RANDOM) {
      return Optional.of(penalty() + ": needs start = teacher, or all that it did is lost");
    }
    if (regularizes() && prune.schedule().regrows()) {
      return Optional.of(
          penalty() + ": needs a schedule in which zeros stay, not set, rigl or sparse-momentum");
    }
    boolean structural =
        prune.granularity().kind() == Granularity.Kind.HEAD
            || prune.granularity().kind() == Granularity.Kind.LAYER;
    if (quantizesFirst() && structural) {
      return Optional.of(
          "order = quantize-prune: heads and layers can only go before quantization");
    }
    if (activate.rule() == Activate.Rule.WINNERS
        && prune.granularity().kind() == Granularity.Kind.UNIT
        && prune.schedule() == Prune.Schedule.GRADUAL) {
      return Optional.of(
          "activation = winners: units that a gradual schedule prunes would go on competing with"
              + " the others; granularity = unit needs schedule = one-shot there");
    }
    Optional<String> conflict = regularize.conflict();
    return conflict.isPresent() ? conflict : prune.conflict();
  }

  private String penalty() {
    return "penalty = " + regularize.penalty().text();
  }

  /**
   * These stages with one value replaced.
   *
   * @param value as {@link Dimension#spell} spells it
   */
  public StudentSpec with(Dimension dimension, String value) {
    Training training = prune.training();
    return switch (dimension) {
      case ORDER ->
          new StudentSpec(
              Dimensions.ORDER.of(value), activate, regularize, prune, quantize, encode);
      case ACTIVATION, THRESHOLD, WINNERS ->
          new StudentSpec(order, activated(dimension, value), regularize, prune, quantize, encode);
      case PENALTY -> regularized(Dimensions.PENALTY.of(value), regularize.strength());
      case STRENGTH -> regularized(regularize.penalty(), Double.valueOf(value));
      case START -> pruned(but -> but.start(Dimensions.START.of(value)));
      case SALIENCY -> pruned(but -> but.saliency(Dimensions.SALIENCY.of(value)));
      case GRANULARITY -> pruned(but -> but.granularity(Dimensions.GRANULARITY.of(value)));
      case SCOPE -> pruned(but -> but.scope(Dimensions.SCOPE.of(value)));
      case SCHEDULE -> pruned(but -> but.schedule(Dimensions.SCHEDULE.of(value)));
      case SPARSITY -> pruned(but -> but.sparsity(Double.parseDouble(value)));
      case OUTPUT_SPARSITY -> pruned(but -> but.outputSparsity(Double.valueOf(value)));
      case LAYER_SPARSITY -> pruned(but -> but.layerSparsity(Dimensions.LAYER_SPARSITY.of(value)));
      case TEMPERATURE -> distilled(Double.parseDouble(value), training.alpha());
      case ALPHA -> distilled(training.temperature(), Double.parseDouble(value));
      case LEARNING_RATE ->
          pruned(
              but ->
                  but.training(
                      training(
                          training,
                          Double.parseDouble(value),
                          training.temperature(),
                          training.alpha())));
      case QUANTIZER, BITS, GROUP, DIMENSION, RATE_DISTORTION, RATE_DISTORTION_WEIGHT ->
          new StudentSpec(order, activate, regularize, prune, quantized(dimension, value), encode);
      case PRECISION ->
          new StudentSpec(
              order,
              activate,
              regularize,
              prune,
              quantize,
              new Encode(
                  Dimensions.PRECISION.of(value),
                  encode.normalizationPrecision(),
                  encode.batchNormalization()));
    };
  }

  private StudentSpec pruned(UnaryOperator<PruneBuilder> change) {
    return new StudentSpec(
        order, activate, regularize, change.apply(prune.but()).build(), quantize, encode);
  }

  private StudentSpec regularized(Regularize.Penalty penalty, @Nullable Double strength) {
    return new StudentSpec(
        order,
        activate,
        new Regularize(penalty, strength, regularize.ramp(), regularize.training()),
        prune,
        quantize,
        encode);
  }

  private Activate activated(Dimension dimension, String value) {
    return new Activate(
        dimension == Dimension.ACTIVATION ? Dimensions.ACTIVATION.of(value) : activate.rule(),
        dimension == Dimension.THRESHOLD ? Double.parseDouble(value) : activate.threshold(),
        dimension == Dimension.WINNERS ? Double.parseDouble(value) : activate.winners(),
        activate.training());
  }

  private Quantize quantized(Dimension dimension, String value) {
    return new Quantize(
        dimension == Dimension.BITS ? Integer.parseInt(value) : quantize.bits(),
        dimension == Dimension.QUANTIZER ? Dimensions.QUANTIZER.of(value) : quantize.quantizer(),
        dimension == Dimension.GROUP ? Integer.parseInt(value) : quantize.group(),
        dimension == Dimension.DIMENSION ? Integer.parseInt(value) : quantize.dimension(),
        dimension == Dimension.RATE_DISTORTION
            ? Double.parseDouble(value)
            : quantize.rateDistortion(),
        dimension == Dimension.RATE_DISTORTION_WEIGHT
            ? Dimensions.WEIGHT.of(value)
            : quantize.rateDistortionWeight(),
        quantize.batchNormalization(),
        quantize.training());
  }

  private StudentSpec distilled(double temperature, double alpha) {
    Training own = regularize.training();
    return new StudentSpec(
        order,
        new Activate(
            activate.rule(),
            activate.threshold(),
            activate.winners(),
            training(activate.training(), activate.training().learningRate(), temperature, alpha)),
        new Regularize(
            regularize.penalty(),
            regularize.strength(),
            regularize.ramp(),
            training(own, own.learningRate(), temperature, alpha)),
        prune
            .but()
            .training(
                training(prune.training(), prune.training().learningRate(), temperature, alpha))
            .build(),
        new Quantize(
            quantize.bits(),
            quantize.quantizer(),
            quantize.group(),
            quantize.dimension(),
            quantize.rateDistortion(),
            quantize.rateDistortionWeight(),
            quantize.batchNormalization(),
            training(quantize.training(), quantize.training().learningRate(), temperature, alpha)),
        encode);
  }

  private static Training training(
      Training from, double learningRate, double temperature, double alpha) {
    return new Training(
        from.epochs(), from.batch(), learningRate, from.decay(), from.l2(), temperature, alpha);
  }
}
