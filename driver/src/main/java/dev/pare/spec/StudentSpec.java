package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Encode;
import dev.pare.candidate.Factorize;
import dev.pare.candidate.FactorizeBuilder;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.PruneBuilder;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Training;
import java.io.Serializable;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The stages that every candidate takes, with the values that the search space does not vary.
 * Temperature and alpha are the same in all of them, and what becomes of batch normalization.
 */
public record StudentSpec(
    Order order, Factorize factorize, Prune prune, Quantize quantize, Encode encode)
    implements Serializable {
  public StudentSpec {
    requireNonNull(order, "order is null");
    requireNonNull(factorize, "factorize is null");
    requireNonNull(prune, "prune is null");
    requireNonNull(quantize, "quantize is null");
    requireNonNull(encode, "encode is null");
    checkSameTeaching(prune.training(), quantize.training());
    checkSameTeaching(prune.training(), factorize.training());
    if (quantize.batchNormalization() != encode.batchNormalization()) {
      throw new IllegalArgumentException(
          "batch normalization differs: " + quantize + ", " + encode);
    }
  }

  private static void checkSameTeaching(Training one, Training other) {
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
    Optional<String> factors =
        factorize.method() == Factorize.Method.NONE ? Optional.empty() : factorConflict();
    return factors.isPresent() ? factors : prune.conflict();
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
    if (unit && prune.schedule() == Prune.Schedule.ITERATIVE) {
      return Optional.of(
          "granularity = unit: what units of factors are shares of gets lost on the way of"
              + " schedule = iterative; needs factorize = none");
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
      case ORDER -> new StudentSpec(Dimensions.ORDER.of(value), factorize, prune, quantize, encode);
      case FACTORIZE -> factorized(but -> but.method(Dimensions.FACTORIZE.of(value)));
      case SPLIT -> factorized(but -> but.split(Dimensions.SPLIT.of(value)));
      case RANK -> factorized(but -> but.rank(Double.parseDouble(value)));
      case ENERGY -> factorized(but -> but.energy(Double.valueOf(value)));
      case SINGULAR_THRESHOLD ->
          factorized(but -> but.singularThreshold(Double.parseDouble(value)));
      case REMAINDER -> factorized(but -> but.remainder(Double.parseDouble(value)));
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
          new StudentSpec(order, factorize, prune, quantized(dimension, value), encode);
      case PRECISION ->
          new StudentSpec(
              order,
              factorize,
              prune,
              quantize,
              new Encode(
                  Dimensions.PRECISION.of(value),
                  encode.normalizationPrecision(),
                  encode.batchNormalization()));
    };
  }

  private StudentSpec factorized(UnaryOperator<FactorizeBuilder> change) {
    return new StudentSpec(order, change.apply(factorize.but()).build(), prune, quantize, encode);
  }

  private StudentSpec pruned(UnaryOperator<PruneBuilder> change) {
    return new StudentSpec(order, factorize, change.apply(prune.but()).build(), quantize, encode);
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
    return new StudentSpec(
        order,
        factorize
            .but()
            .training(
                training(
                    factorize.training(), factorize.training().learningRate(), temperature, alpha))
            .build(),
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
