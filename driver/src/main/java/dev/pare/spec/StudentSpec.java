package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Activate;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.FactorizeBuilder;
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
 * Temperature and alpha are the same in all stages, what becomes of batch normalization, and
 * whether files hold the origin.
 */
public record StudentSpec(
    Order order,
    Factorize factorize,
    Activate activate,
    Regularize regularize,
    Prune prune,
    Quantize quantize,
    Encode encode)
    implements Serializable {
  public StudentSpec {
    requireNonNull(order, "order is null");
    requireNonNull(factorize, "factorize is null");
    requireNonNull(activate, "activate is null");
    requireNonNull(regularize, "regularize is null");
    requireNonNull(prune, "prune is null");
    requireNonNull(quantize, "quantize is null");
    requireNonNull(encode, "encode is null");
    checkAlike(prune.training(), quantize.training());
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

  /** With whole weights and its ReLUs, without a penalty, pruned before it is quantized. */
  public StudentSpec(Prune prune, Quantize quantize, Encode encode) {
    this(
        Order.PRUNE_QUANTIZE,
        Factorize.none(prune.training()),
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
    Optional<String> factors =
        factorize.method() == Factorize.Method.NONE ? Optional.empty() : factorConflict();
    return factors.or(regularize::conflict).or(prune::conflict);
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
      return Optional.of("schedule = rewind: factors have no beginning; needs factorize = none");
    }
    if (!prune.layerSparsity().isEmpty()) {
      return Optional.of(
          "layer-sparsity: factorize changes how many layers there are; leave it out");
    }
    if (prune.saliency() == Prune.Saliency.ACTIVATION) {
      return Optional.of(
          "saliency = activation: needs factorize = none, as the first of two factors has no ReLU");
    }
    if (unit && prune.schedule() == Prune.Schedule.ITERATIVE) {
      return Optional.of(
          "granularity = unit: what units of factors are shares of gets lost on the way of"
              + " schedule = iterative; needs factorize = none");
    }
    if (factorize.remainder() > 0 && prune.start() == Prune.Start.RANDOM) {
      return Optional.of("start = random: needs remainder = 0, whose zeros would be drawn anew");
    }
    if (factorize.remainder() > 0 && unit) {
      return Optional.of("granularity = unit: needs remainder = 0, as its layers have no units");
    }
    if (factorize.remainder() > 0 && prune.saliency() == Prune.Saliency.RECONSTRUCTION) {
      return Optional.of("saliency = reconstruction: needs remainder = 0");
    }
    if (factorize.remainder() > 0
        && quantize.quantizer() == Quantize.Quantizer.PRODUCT
        && quantize.bits() != Quantize.FLOAT_BITS) {
      return Optional.of(
          "quantizer = product: needs remainder = 0, whose zeros would not stay zero");
    }
    if (factorize.remainder() > 0 && prune.schedule().regrows()) {
      return Optional.of(
          "remainder: its zeros stay, but grow again with schedule = set, rigl and sparse-momentum;"
              + " needs remainder = 0");
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
    Training training = prune.training();
    return switch (dimension) {
      case ORDER ->
          new StudentSpec(
              Dimensions.ORDER.of(value), factorize, activate, regularize, prune, quantize, encode);
      case FACTORIZE -> factorized(but -> but.method(Dimensions.FACTORIZE.of(value)));
      case SPLIT -> factorized(but -> but.split(Dimensions.SPLIT.of(value)));
      case RANK -> factorized(but -> but.rank(Double.parseDouble(value)));
      case LAYER_RANK -> factorized(but -> but.layerRank(Dimensions.LAYER_RANK.of(value)));
      case OUTPUT_LAYER -> factorized(but -> but.outputLayer(Dimensions.OUTPUT_LAYER.of(value)));
      case ENERGY -> factorized(but -> but.energy(Double.valueOf(value)));
      case RANK_BUDGET -> factorized(but -> but.rankBudget(Double.valueOf(value)));
      case SINGULAR_THRESHOLD ->
          factorized(but -> but.singularThreshold(Double.parseDouble(value)));
      case REMAINDER -> factorized(but -> but.remainder(Double.parseDouble(value)));
      case ACTIVATION, THRESHOLD, WINNERS -> with(activated(dimension, value));
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
          with(quantized(dimension, value));
      case PRECISION ->
          with(
              new Encode(
                  Dimensions.PRECISION.of(value),
                  encode.normalizationPrecision(),
                  encode.batchNormalization(),
                  encode.origin()));
      case ORIGIN -> with(Dimensions.ORIGIN.of(value));
    };
  }

  private StudentSpec factorized(UnaryOperator<FactorizeBuilder> change) {
    return with(change.apply(factorize.but()).build());
  }

  private StudentSpec pruned(UnaryOperator<PruneBuilder> change) {
    return with(change.apply(prune.but()).build());
  }

  private StudentSpec with(Factorize other) {
    return new StudentSpec(order, other, activate, regularize, prune, quantize, encode);
  }

  private StudentSpec with(Activate other) {
    return new StudentSpec(order, factorize, other, regularize, prune, quantize, encode);
  }

  private StudentSpec with(Regularize other) {
    return new StudentSpec(order, factorize, activate, other, prune, quantize, encode);
  }

  private StudentSpec with(Prune other) {
    return new StudentSpec(order, factorize, activate, regularize, other, quantize, encode);
  }

  private StudentSpec with(Quantize other) {
    return new StudentSpec(order, factorize, activate, regularize, prune, other, encode);
  }

  private StudentSpec with(Encode other) {
    return new StudentSpec(order, factorize, activate, regularize, prune, quantize, other);
  }

  private StudentSpec with(Encode.Origin origin) {
    return new StudentSpec(
        order,
        factorize,
        activate,
        regularize,
        prune,
        new Quantize(
            quantize.bits(),
            quantize.quantizer(),
            quantize.group(),
            quantize.dimension(),
            quantize.rateDistortion(),
            quantize.rateDistortionWeight(),
            quantize.batchNormalization(),
            origin,
            quantize.training()),
        new Encode(
            encode.precision(),
            encode.normalizationPrecision(),
            encode.batchNormalization(),
            origin));
  }

  private StudentSpec regularized(Regularize.Penalty penalty, @Nullable Double strength) {
    return with(new Regularize(penalty, strength, regularize.ramp(), regularize.training()));
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
        quantize.origin(),
        quantize.training());
  }

  private StudentSpec distilled(double temperature, double alpha) {
    Training own = regularize.training();
    return new StudentSpec(
        order,
        factorize
            .but()
            .training(
                training(
                    factorize.training(), factorize.training().learningRate(), temperature, alpha))
            .build(),
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
            quantize.origin(),
            training(quantize.training(), quantize.training().learningRate(), temperature, alpha)),
        encode);
  }

  private static Training training(
      Training from, double learningRate, double temperature, double alpha) {
    return new Training(
        from.epochs(), from.batch(), learningRate, from.decay(), from.l2(), temperature, alpha);
  }
}
