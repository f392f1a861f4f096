package dev.pare.candidate;

import static dev.pare.candidate.Checks.between;
import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * An average of the weights that a training goes through, in place of those that it ends with.
 * Weights that are pruned at the end are zero in it; statistics of batch normalization are measured
 * anew with it.
 *
 * @param from the share of the steps after which it begins, at least 0 and below 1; of the ends of
 *     epochs it has the last two in any case
 * @param decay what of an exponential average stays in each step, 0 to 1
 */
public record Averaging(Kind kind, double from, double decay)
    implements LaterSettings, Serializable {
  /** The share of the steps of which nothing is averaged unless said otherwise. */
  public static final double USUAL_FROM = 0.75;

  /** What stays in each step unless said otherwise. */
  public static final double USUAL_DECAY = 0.99;

  /** No average. */
  public static final Averaging NONE = new Averaging(Kind.NONE, USUAL_FROM, USUAL_DECAY);

  public Averaging {
    requireNonNull(kind, "kind is null");
    between("average.from", from, 0, Math.nextDown(1.0));
    between("average.decay", decay, 0, 1);
  }

  @Override
  public boolean areUsual() {
    return equals(NONE);
  }

  /** The one of all that come to the same in a training of so many epochs. */
  Averaging effective(int epochs) {
    return switch (kind) {
      case NONE -> NONE;
      case EMA -> this;
      case SWA -> epochs < 2 ? NONE : new Averaging(kind, from, USUAL_DECAY);
    };
  }

  /** Which average. */
  public enum Kind {
    NONE,
    /**
     * Exponential, of each step's weights (Polyak and Juditsky 1992; Tarvainen and Valpola 2017).
     */
    EMA,
    /** Even, of those at the end of each epoch (Izmailov et al. 2018). */
    SWA
  }
}
