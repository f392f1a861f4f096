package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Restricts the weights that remain to few values, and trains within that restriction. Zero stays
 * zero, but see {@link Quantizer#PRODUCT}.
 *
 * @param bits bits a weight before entropy coding, 1 to 8; 32 leaves weights as floats. Uniform
 *     levels are the {@code 2^bits − 1} from {@code −Q} to {@code Q}, or −1 and 1 with one bit; a
 *     codebook, powers of two and products have {@code 2^bits} values, or words, beside the zero of
 *     what is pruned; ternary, binary and entropy-penalized weights have none to choose
 * @param quantizer how the values are chosen
 * @param group weights that share a scale with {@link Quantizer#UNIFORM_GROUP}, at least 2
 * @param vectorDimension weights of a word with {@link Quantizer#PRODUCT}, 2 to 64
 * @param rate how much of the loss a kilobyte of the file is worth in training with {@link
 *     Quantizer#ENTROPY_PENALIZED}, at least 0; null for {@link #USUAL_RATE}
 * @param rateDistortion λ, how much of the weights' mean square σ² a bit of the file is worth, at
 *     least 0: among the near ones weights take the value c of least {@code (w − c)²/σ² + λ·bits};
 *     with equal steps and powers of two after training, with others before it
 * @param rateDistortionWeight how much each weight's {@code (w − c)²} counts
 * @param activationBits bits of activations: 8, or 32, of which null is made, to leave them as
 *     floats. Of 8 bits they are calibrated on training examples before weights are quantized, and
 *     are rounded while the student trains
 * @param batchNormalization what becomes of batch normalization, before anything else
 * @param origin whether bits are those of a file that may hold the origin, as in {@link Encode}
 * @param training how the student trains meanwhile
 */
public record Quantize(
    int bits,
    Quantizer quantizer,
    int group,
    @KeyName("dimension") int vectorDimension,
    @LaterSetting @Nullable Double rate,
    double rateDistortion,
    Weight rateDistortionWeight,
    @LaterSetting @Nullable Integer activationBits,
    BatchNormalization batchNormalization,
    Encode.Origin origin,
    Training training)
    implements StageSettings {
  /** The value of {@link #bits} that leaves weights as 32-bit floats. */
  public static final int FLOAT_BITS = 32;

  /** The value of {@link #activationBits} that rounds activations. */
  public static final int INTEGER_BITS = 8;

  /** Weights of a group unless said otherwise. */
  public static final int USUAL_GROUP = 64;

  /** Weights of a word unless said otherwise. */
  public static final int USUAL_VECTOR_DIMENSION = 4;

  /** The worth of a kilobyte unless said otherwise. */
  public static final double USUAL_RATE = 0.03;

  /** Most weights of a word. */
  public static final int MOST_VECTOR_DIMENSION = 64;

  public Quantize {
    if ((bits < 1 || bits > 8) && bits != FLOAT_BITS) {
      throw new IllegalArgumentException("bits = " + bits + ": must be 1 to 8, or 32 for float");
    }
    requireNonNull(quantizer, "quantizer is null");
    Checks.atLeast("group", group, 2);
    if (vectorDimension < 2 || vectorDimension > MOST_VECTOR_DIMENSION) {
      throw new IllegalArgumentException(
          "vector-dimension = " + vectorDimension + ": must be 2 to " + MOST_VECTOR_DIMENSION);
    }
    if (rate != null) {
      Checks.between("rate", rate, 0, Training.MOST_PENALTY);
    }
    Checks.between("rate-distortion", rateDistortion, 0, Training.MOST_PENALTY);
    requireNonNull(rateDistortionWeight, "rateDistortionWeight is null");
    if (activationBits != null && activationBits != INTEGER_BITS && activationBits != FLOAT_BITS) {
      throw new IllegalArgumentException(
          "activation-bits = " + activationBits + ": must be 8, or 32 for float");
    }
    if (activationBits != null && activationBits == FLOAT_BITS) {
      activationBits = null;
    }
    requireNonNull(batchNormalization, "batchNormalization is null");
    requireNonNull(origin, "origin is null");
    requireNonNull(training, "training is null");
  }

  /**
   * With usual groups and words, errors that count alike, batch normalization folded, and files
   * that may hold the origin.
   */
  public Quantize(int bits, Quantizer quantizer, double rateDistortion, Training training) {
    this(
        bits,
        quantizer,
        USUAL_GROUP,
        USUAL_VECTOR_DIMENSION,
        null,
        rateDistortion,
        Weight.NONE,
        null,
        BatchNormalization.FOLD,
        Encode.Origin.ON,
        training);
  }

  @Override
  public Kind kind() {
    return Kind.QUANTIZE;
  }

  /** Whether activations are rounded to 8 bits. */
  public boolean roundsActivations() {
    return activationBits != null && activationBits == INTEGER_BITS;
  }

  /** How much of the loss a kilobyte is worth, the usual share unless another was given. */
  public double lambda() {
    return rate == null ? USUAL_RATE : rate;
  }

  /** How much the error of a weight counts where it is weighed against bits. */
  public enum Weight {
    /** As much as any other's. */
    NONE,
    /**
     * By the diagonal of the empirical Fisher information, which tells how much it matters to the
     * loss.
     */
    FISHER
  }

  /**
   * How the values are chosen.
   *
   * @param name of one of {@code dev.pare.quantize.Quantizers}
   */
  public record Quantizer(String name) implements Registered {
    /** Equal steps, one scale a tensor. */
    public static final Quantizer UNIFORM = new Quantizer("uniform");

    /** Equal steps, one scale an output unit. */
    public static final Quantizer UNIFORM_CHANNEL = new Quantizer("uniform-channel");

    /** Equal steps, one scale a group of weights of an output unit. */
    public static final Quantizer UNIFORM_GROUP = new Quantizer("uniform-group");

    /** A codebook a tensor. */
    public static final Quantizer CODEBOOK = new Quantizer("codebook");

    /** Zero, one negative and one positive value a tensor. */
    public static final Quantizer TERNARY = new Quantizer("ternary");

    /** A sign, and one scale an output unit. */
    public static final Quantizer BINARY = new Quantizer("binary");

    /** Powers of two. */
    public static final Quantizer POWER_OF_TWO = new Quantizer("power-of-two");

    /** Words for several weights at once. */
    public static final Quantizer PRODUCT = new Quantizer("product");

    /** Equal steps, one scale a tensor, with the bits of the levels in the loss. */
    public static final Quantizer ENTROPY_PENALIZED = new Quantizer("entropy-penalized");

    /** Equal steps, one scale an output unit, rounding errors made up for by other weights. */
    public static final Quantizer GPTQ = new Quantizer("gptq");

    public Quantizer {
      Checks.name(name);
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
