package dev.pare.candidate;

import static dev.pare.candidate.Checks.between;
import static dev.pare.candidate.Checks.positive;
import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Writes the student as a .pare file, in the fewest bytes: hidden units that change nothing are
 * left out, the others put into the order that codes best unless the file holds the origin.
 *
 * @param precision how exactly all but the weights' codes is kept
 * @param normalizationPrecision how exactly batch normalization's parameters are kept
 * @param batchNormalization what becomes of batch normalization where weights are floats; others
 *     have seen to it in {@link Quantize}
 * @param origin whether the file may hold where training began
 * @param robustRadius how far an attack on the file moves features of validation examples, as in
 *     {@link Robustness}; null for no attack
 */
public record Encode(
    Precision precision,
    NormalizationPrecision normalizationPrecision,
    BatchNormalization batchNormalization,
    Origin origin,
    @LaterSetting @Nullable Double robustRadius)
    implements StageSettings {
  public Encode {
    requireNonNull(precision, "precision is null");
    requireNonNull(normalizationPrecision, "normalizationPrecision is null");
    requireNonNull(batchNormalization, "batchNormalization is null");
    requireNonNull(origin, "origin is null");
    if (robustRadius != null) {
      positive("robust-radius", robustRadius);
      between("robust-radius", robustRadius, 0, 1);
    }
  }

  /** Of a file that nobody attacks. */
  public Encode(
      Precision precision,
      NormalizationPrecision normalizationPrecision,
      BatchNormalization batchNormalization,
      Origin origin) {
    this(precision, normalizationPrecision, batchNormalization, origin, null);
  }

  /** With batch normalization folded, and exact where it cannot be; with the origin. */
  public Encode(Precision precision) {
    this(precision, NormalizationPrecision.FLOAT32, BatchNormalization.FOLD, Origin.ON);
  }

  @Override
  public Kind kind() {
    return Kind.ENCODE;
  }

  /**
   * Whether a file may hold the seed from which its network's weights were first drawn, which makes
   * their codes shorter. Only networks that Pare trained have one.
   */
  public enum Origin {
    /** Where that is smaller. */
    ON,
    /** Weights are coded as those of a network from outside. */
    OFF
  }

  /** How exactly biases, codebooks and scales are kept. */
  public enum Precision {
    /** As they were trained. */
    FLOAT32,
    /** In IEEE 754 half precision, two bytes each. */
    FLOAT16,
    /**
     * Codebooks and scales in half precision, biases in 255 even steps a layer, about a byte each.
     */
    UNIFORM8,
    /**
     * Codebooks and scales in quarter precision (E4M3) times a power of two, a byte each; biases as
     * in {@link #UNIFORM8}, which takes no more and is more exact.
     */
    FLOAT8
  }

  /** How exactly the factors, summands, means and variances of batch normalization are kept. */
  public enum NormalizationPrecision {
    /** As they were trained. */
    FLOAT32,
    /** In IEEE 754 half precision, two bytes each. */
    FLOAT16,
    /**
     * In quarter precision (E4M3) times a power of two, a byte each; variances, which divide, in
     * half precision.
     */
    FLOAT8
  }
}
