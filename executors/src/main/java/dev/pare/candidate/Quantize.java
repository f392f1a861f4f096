package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

/**
 * Restricts the weights that remain to few values, and trains within that restriction. Zero stays
 * zero.
 *
 * @param bits bits a weight before entropy coding, 1 to 8; 32 leaves weights as floats. Uniform
 *     levels are the {@code 2^bits − 1} from {@code −Q} to {@code Q}, or −1 and 1 with one bit; a
 *     codebook has {@code 2^bits} values beside the zero of what is pruned
 * @param quantizer how the values are chosen
 * @param rateDistortion λ, how much of the weights' mean square σ² a bit of the file is worth, at
 *     least 0: among the near ones weights take the value c of least {@code (w − c)²/σ² + λ·bits};
 *     with a codebook before training, with uniform levels after it
 * @param training how the student trains meanwhile
 */
public record Quantize(int bits, Quantizer quantizer, double rateDistortion, Training training)
    implements StageSettings {
  /** The value of {@link #bits} that leaves weights as 32-bit floats. */
  public static final int FLOAT_BITS = 32;

  public Quantize {
    if ((bits < 1 || bits > 8) && bits != FLOAT_BITS) {
      throw new IllegalArgumentException("bits = " + bits + ": must be 1 to 8, or 32 for float");
    }
    requireNonNull(quantizer, "quantizer is null");
    Checks.between("rate-distortion", rateDistortion, 0, Double.MAX_VALUE);
    requireNonNull(training, "training is null");
  }

  @Override
  public Kind kind() {
    return Kind.QUANTIZE;
  }

  /** How the values are chosen. */
  public enum Quantizer {
    /**
     * Symmetric, equal steps, one scale a tensor; trained through the straight-through estimator.
     */
    UNIFORM,
    /**
     * Symmetric, equal steps, one scale an output unit; trained through the straight-through
     * estimator.
     */
    UNIFORM_CHANNEL,
    /**
     * A k-means codebook a tensor, its centroids trained by their gradients (Han, Mao and Dally
     * 2016).
     */
    CODEBOOK
  }
}
