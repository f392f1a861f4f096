package dev.pare.candidate;

import static dev.pare.candidate.Checks.atLeast;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds weights as products of narrow matrices where these have fewer numbers, and trains them.
 *
 * <p>The output layer has few units, one for each class, and a product would leave it fewer
 * dimensions than classes: it stays as it is unless the settings say otherwise.
 *
 * <p>A dense layer, a convolution and an embedding become two layers each, LSTMs, GRUs,
 * self-attention and all layers with a sparse residual keep their place and are made of factors.
 * What DL4J runs stays as it is.
 *
 * <p>Any values make a record; {@link #conflict()} tells which make no sense together.
 *
 * @param method how the factors are chosen
 * @param rank the share of a matrix's full rank that stays, above 0 to 1; at least one stays
 * @param layerRank the share of the full rank of each tensor of weights, from input to output, in
 *     place of {@code rank}, {@code energy}, {@code rankBudget} and {@code outputLayer}, each above
 *     0 to 1; empty to go by these
 * @param energy the share of a matrix's squared singular values that stays at least, above 0 to 1,
 *     in place of {@code rank}; with {@link Method#ALS} of the layer's output's. Null to go by
 *     {@code rank}
 * @param rankBudget the share of the numbers of all matrices that take part that products of them
 *     may have together, above 0 to 1, in place of {@code rank} and {@code energy}: ranks are
 *     allotted by the relative squared errors that they take away. At least one stays of each. Null
 *     to go by these
 * @param singularThreshold what {@link Method#THRESHOLD} takes off each singular value, as a share
 *     of the matrix's largest; at least 0 and below 1. Those that are less go
 * @param split between which sides a convolution's weights are divided
 * @param outputLayer whether the output layer takes part
 * @param sparseResidual the share of a matrix's numbers that a sparse matrix beside the product
 *     holds; at least 0 and below 1
 * @param calibration how many training examples {@link Method#ALS} asks, drawn by the stage's seed;
 *     all if there are fewer
 * @param training how the student trains afterwards
 */
public record Factorize(
    Method method,
    double rank,
    List<Double> layerRank,
    @Nullable Double energy,
    @Nullable Double rankBudget,
    double singularThreshold,
    Split split,
    OutputLayer outputLayer,
    @KeyName("remainder") double sparseResidual,
    int calibration,
    Training training)
    implements StageSettings {
  public Factorize {
    requireNonNull(method, "method is null");
    shareAboveNothing("rank", rank);
    layerRank = List.copyOf(layerRank);
    layerRank.forEach(share -> shareAboveNothing("layer-rank", share));
    if (energy != null) {
      shareAboveNothing("energy", energy);
    }
    if (rankBudget != null) {
      shareAboveNothing("rank-budget", rankBudget);
    }
    properShare("singular-threshold", singularThreshold);
    requireNonNull(split, "split is null");
    requireNonNull(outputLayer, "outputLayer is null");
    properShare("sparse-residual", sparseResidual);
    atLeast("calibration", calibration, 1);
    requireNonNull(training, "training is null");
  }

  private static void shareAboveNothing(String name, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " = " + value + ": must be above 0 and at most 1");
    }
  }

  private static void properShare(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " = " + value + ": must be at least 0 and below 1");
    }
  }

  /** Changes nothing. */
  public static Factorize none(Training training) {
    return new Factorize(
        Method.NONE, 1, List.of(), null, null, 0, Split.CHANNEL, OutputLayer.KEEP, 0, 1, training);
  }

  @Override
  public Kind kind() {
    return Kind.FACTORIZE;
  }

  /** These settings, to be changed. */
  public FactorizeBuilder but() {
    return new FactorizeBuilder(this);
  }

  /** Why these settings make no sense together, whatever the network; empty if they do. */
  public Optional<String> conflict() {
    if (method == Method.NONE) {
      return Optional.empty();
    }
    if (!layerRank.isEmpty() && !method.usesRank()) {
      return Optional.of("layer-rank: needs factorize = svd or als");
    }
    if (rankBudget != null && !method.usesRank()) {
      return Optional.of("rank-budget: needs factorize = svd or als");
    }
    if (sparseResidual > 0 && method != Method.SVD) {
      return Optional.of("sparse-residual: needs factorize = svd");
    }
    if (sparseResidual > 0 && split == Split.SPATIAL) {
      return Optional.of(
          "sparse-residual: needs split = channel, as the two layers of the other have none");
    }
    if (method == Method.ALS && split == Split.SPATIAL) {
      return Optional.of(
          "factorize = als: needs split = channel; of the other, what the first layer's weights"
              + " are multiplied by is not what the whole's are");
    }
    return Optional.empty();
  }

  /** How factors are chosen. */
  public enum Method {
    /** Not at all. */
    NONE,
    /**
     * By singular value decomposition: of all products of that rank the one nearest to the weights
     * (Eckart and Young 1936). With a sparse residual in turns with it, each the best for the other
     * as it is (Zhou and Tao 2011).
     */
    SVD,
    /**
     * By singular value thresholding: what of all matrices has the least sum of half the squared
     * distance to the weights and a multiple of its nuclear norm (Cai, Candès and Shen 2010).
     */
    THRESHOLD,
    /**
     * By alternating least squares: of all products of that rank the one whose output on
     * calibration examples is nearest to the layer's, biases making up for the error's mean.
     */
    ALS;

    /** Whether a rank is asked for, by its share, by energy or under a budget. */
    public boolean usesRank() {
      return this == SVD || this == ALS;
    }
  }

  /** What becomes of the output layer. */
  public enum OutputLayer {
    KEEP,
    FACTORIZE
  }

  /** Between which sides of a convolution's weights. */
  public enum Split {
    /** Kernels of few filters, then 1×1 that mix them (Denton et al. 2014; Zhang et al. 2016). */
    CHANNEL,
    /**
     * Columns of few filters, then rows (Jaderberg, Vedaldi and Zisserman 2014). Where a kernel is
     * no wider or no higher than one place, as {@link #CHANNEL}.
     */
    SPATIAL
  }
}
