package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Encode;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.Training;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The stages that every candidate takes, with the values that the search space does not vary.
 * Temperature and alpha are the same in both stages, and what becomes of batch normalization.
 */
public record StudentSpec(Prune prune, Quantize quantize, Encode encode) implements Serializable {
  public StudentSpec {
    requireNonNull(prune, "prune is null");
    requireNonNull(quantize, "quantize is null");
    requireNonNull(encode, "encode is null");
    if (prune.training().temperature() != quantize.training().temperature()
        || prune.training().alpha() != quantize.training().alpha()) {
      throw new IllegalArgumentException(
          "temperature or alpha differ: " + prune.training() + ", " + quantize.training());
    }
    if (quantize.batchNormalization() != encode.batchNormalization()) {
      throw new IllegalArgumentException(
          "batch normalization differs: " + quantize + ", " + encode);
    }
  }

  /**
   * These stages with one value replaced.
   *
   * @param value as {@link Dimension#spell} spells it
   */
  public StudentSpec with(Dimension dimension, String value) {
    Training training = prune.training();
    return switch (dimension) {
      case SALIENCY ->
          pruned(constant(Prune.Saliency.class, value), prune.scope(), prune.schedule());
      case SCOPE -> pruned(prune.saliency(), constant(Prune.Scope.class, value), prune.schedule());
      case SCHEDULE ->
          pruned(prune.saliency(), prune.scope(), constant(Prune.Schedule.class, value));
      case SPARSITY -> sparse(Double.parseDouble(value), prune.outputSparsity());
      case OUTPUT_SPARSITY -> sparse(prune.sparsity(), Double.valueOf(value));
      case TEMPERATURE -> distilled(Double.parseDouble(value), training.alpha());
      case ALPHA -> distilled(training.temperature(), Double.parseDouble(value));
      case LEARNING_RATE ->
          trained(
              training(
                  training, Double.parseDouble(value), training.temperature(), training.alpha()),
              quantize.training());
      case QUANTIZER, BITS, GROUP, DIMENSION, RATE_DISTORTION, RATE_DISTORTION_WEIGHT ->
          new StudentSpec(prune, quantized(dimension, value), encode);
      case PRECISION ->
          new StudentSpec(
              prune,
              quantize,
              new Encode(
                  constant(Encode.Precision.class, value),
                  encode.normalizationPrecision(),
                  encode.batchNormalization()));
    };
  }

  private StudentSpec pruned(Prune.Saliency saliency, Prune.Scope scope, Prune.Schedule schedule) {
    return new StudentSpec(
        new Prune(
            prune.sparsity(),
            prune.outputSparsity(),
            saliency,
            scope,
            schedule,
            prune.ramp(),
            prune.training()),
        quantize,
        encode);
  }

  private StudentSpec sparse(double sparsity, @Nullable Double outputSparsity) {
    return new StudentSpec(
        new Prune(
            sparsity,
            outputSparsity,
            prune.saliency(),
            prune.scope(),
            prune.schedule(),
            prune.ramp(),
            prune.training()),
        quantize,
        encode);
  }

  private Quantize quantized(Dimension dimension, String value) {
    return new Quantize(
        dimension == Dimension.BITS ? Integer.parseInt(value) : quantize.bits(),
        dimension == Dimension.QUANTIZER
            ? constant(Quantize.Quantizer.class, value)
            : quantize.quantizer(),
        dimension == Dimension.GROUP ? Integer.parseInt(value) : quantize.group(),
        dimension == Dimension.DIMENSION ? Integer.parseInt(value) : quantize.dimension(),
        dimension == Dimension.RATE_DISTORTION
            ? Double.parseDouble(value)
            : quantize.rateDistortion(),
        dimension == Dimension.RATE_DISTORTION_WEIGHT
            ? constant(Quantize.Weight.class, value)
            : quantize.rateDistortionWeight(),
        quantize.batchNormalization(),
        quantize.training());
  }

  private StudentSpec distilled(double temperature, double alpha) {
    return trained(
        training(prune.training(), prune.training().learningRate(), temperature, alpha),
        training(quantize.training(), quantize.training().learningRate(), temperature, alpha));
  }

  private StudentSpec trained(Training pruning, Training quantizing) {
    return new StudentSpec(
        new Prune(
            prune.sparsity(),
            prune.outputSparsity(),
            prune.saliency(),
            prune.scope(),
            prune.schedule(),
            prune.ramp(),
            pruning),
        new Quantize(
            quantize.bits(),
            quantize.quantizer(),
            quantize.group(),
            quantize.dimension(),
            quantize.rateDistortion(),
            quantize.rateDistortionWeight(),
            quantize.batchNormalization(),
            quantizing),
        encode);
  }

  private static Training training(
      Training from, double learningRate, double temperature, double alpha) {
    return new Training(
        from.epochs(), from.batch(), learningRate, from.decay(), from.l2(), temperature, alpha);
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String value) {
    return Domain.oneOf(type)
        .read(value)
        .orElseThrow(() -> new IllegalArgumentException("not a " + type + ": " + value));
  }
}
