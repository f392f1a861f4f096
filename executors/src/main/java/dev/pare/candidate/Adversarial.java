package dev.pare.candidate;

import static dev.pare.candidate.Checks.atLeast;
import static dev.pare.candidate.Checks.between;
import static dev.pare.candidate.Checks.positive;
import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * Training on inputs near the examples that make the student's loss large, which it then withstands
 * better. They are made in each step, with the student as it is: along the sign of the gradient,
 * from a random start, {@code steps} times.
 *
 * @param radius how far a feature may move, in units of the inputs: the range of an image's values,
 *     or a feature's standard deviation; above 0 and at most 1
 * @param steps at least 1
 * @param beta weight of {@link Method#TRADES}' second term
 */
public record Adversarial(Method method, double radius, int steps, double beta)
    implements LaterSettings, Serializable {
  /** The radius unless said otherwise. */
  public static final double USUAL_RADIUS = 0.1;

  /** The steps unless said otherwise. */
  public static final int USUAL_STEPS = 3;

  /** The weight of TRADES' second term in its paper. */
  public static final double USUAL_BETA = 6;

  /** Training on the examples as they are. */
  public static final Adversarial NONE =
      new Adversarial(Method.NONE, USUAL_RADIUS, USUAL_STEPS, USUAL_BETA);

  public Adversarial {
    requireNonNull(method, "method is null");
    positive("adversarial.radius", radius);
    between("adversarial.radius", radius, 0, 1);
    atLeast("adversarial.steps", steps, 1);
    between("adversarial.beta", beta, 0, Training.MOST_PENALTY);
  }

  @Override
  public boolean areUsual() {
    return equals(NONE);
  }

  /** The one of all that come to the same. */
  Adversarial effective() {
    return switch (method) {
      case NONE -> NONE;
      case PGD -> new Adversarial(method, radius, steps, USUAL_BETA);
      case TRADES -> beta == 0 ? NONE : this;
    };
  }

  /** How many passes a step takes for one of training on the examples as they are. */
  public int passes() {
    return switch (method) {
      case NONE -> 1;
      case PGD -> 1 + steps;
      case TRADES -> 2 + steps;
    };
  }

  /** What is trained. */
  public enum Method {
    NONE,
    /** The loss at the inputs that make the cross entropy largest (Madry et al. 2018). */
    PGD,
    /**
     * The loss at the examples, and {@code beta} times the divergence of the student's answers at
     * the inputs that make it largest from those at the examples (Zhang et al. 2019).
     */
    TRADES
  }
}
