package dev.pare.candidate;

import static dev.pare.candidate.Checks.between;
import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Trains with a penalty that draws weights to zero, exactly. Zeros that emerge are the student's
 * from then on: pruning counts them and quantization keeps them, but see {@link
 * Quantize.Quantizer#PRODUCT}. Biases are left alone.
 *
 * @param penalty what draws them
 * @param strength λ, how much the penalty counts, at least 0; null for {@link
 *     Penalty#usualStrength()}
 * @param ramp the share of the training steps over which the strength rises from 0 to λ
 * @param training how the student trains meanwhile
 */
public record Regularize(Penalty penalty, @Nullable Double strength, double ramp, Training training)
    implements StageSettings {
  public Regularize {
    requireNonNull(penalty, "penalty is null");
    if (strength != null) {
      between("strength", strength, 0, Training.MOST_PENALTY);
    }
    between("ramp", ramp, 0, 1);
    requireNonNull(training, "training is null");
  }

  /** No penalty: no stage of a candidate. */
  public static Regularize none(Training training) {
    return new Regularize(Penalty.NONE, null, 0, training);
  }

  @Override
  public Kind kind() {
    return Kind.REGULARIZE;
  }

  /** λ, the usual one unless another was given. */
  public double lambda() {
    return strength == null ? penalty.usualStrength() : strength;
  }

  /** Why these settings make no sense together, whatever the network; empty if they do. */
  public Optional<String> conflict() {
    return penalty != Penalty.NONE && training.epochs() == 0
        ? Optional.of("penalty = " + penalty.text() + ": needs regularize.epochs above 0")
        : Optional.empty();
  }

  /** What draws weights to zero. */
  public enum Penalty {
    /** Nothing: the stage is left out. */
    NONE(0),
    /**
     * {@code λ·Σ|w|}: after each step of the optimizer, weights are drawn to zero by λ times the
     * size of the step and stay there if they reach it (proximal gradient descent; Parikh and Boyd
     * 2014).
     */
    L1(0.003),
    /**
     * {@code λ·Σ√n·‖w‖} over what the units of hidden layers read: neurons, filters, an LSTM's
     * gates, n weights each, by proximal steps that draw all of a group at once (Yuan and Lin 2006;
     * Wen et al. 2016).
     */
    GROUP_LASSO_UNITS(0.001),
    /**
     * The same over what a layer reads of one input: a feature, or a channel with all taps of its
     * kernels.
     */
    GROUP_LASSO_INPUTS(0.002),
    /**
     * λ times the expected number of weights that are not zero is added to the loss of the whole
     * data: each weight has a gate, whose probability to be open is trained, and those behind gates
     * that are closed become zero at the end (Louizos, Welling and Kingma 2018).
     */
    L0(3),
    /**
     * Weights are normal distributions whose means and variances are both trained; λ times their
     * divergence from a log-uniform prior is added to the loss of the whole data, and weights of
     * more noise than signal ({@code log σ²/w² > 3}) become zero at the end (Molchanov, Ashukha and
     * Vetrov 2017).
     */
    VARIATIONAL_DROPOUT(1);

    private final double usualStrength;

    Penalty(double usualStrength) {
      this.usualStrength = usualStrength;
    }

    /** λ unless said otherwise. */
    public double usualStrength() {
      return usualStrength;
    }

    /** As the configuration spells it. */
    public String text() {
      return Spelling.of(this);
    }

    /** Whether each weight has a second variable, of its noise. */
    public boolean isOfNoise() {
      return this == L0 || this == VARIATIONAL_DROPOUT;
    }

    /** Whether it draws groups of weights, so that a layer's rows and columns must be known. */
    public boolean isOfGroups() {
      return this == GROUP_LASSO_UNITS || this == GROUP_LASSO_INPUTS;
    }
  }
}
