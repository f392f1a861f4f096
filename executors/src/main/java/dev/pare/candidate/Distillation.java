package dev.pare.candidate;

import static dev.pare.candidate.Checks.between;
import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a student learns beside the labels, and from labels how confidently.
 *
 * @param labelSmoothing share of a label that is spread over all classes, 0 to 1 (Szegedy et al.
 *     2016)
 * @param loss what the teacher's part of the loss is
 * @param logits what it is of
 * @param targetWeight of {@link Loss#DECOUPLED}'s part of the label's class
 * @param otherWeight of its part of the other classes
 * @param temperatureEnd the temperature at the last step, to which it goes evenly; null if it stays
 * @param alphaEnd the weight of the teacher's part at the last step; null if it stays
 * @param relation what of the examples of a batch is to be to each other as it is to the teacher
 * @param relationWeight its weight in the loss, beside all else; null for the usual one
 */
public record Distillation(
    double labelSmoothing,
    Loss loss,
    Logits logits,
    double targetWeight,
    double otherWeight,
    @Nullable Double temperatureEnd,
    @Nullable Double alphaEnd,
    Relation relation,
    @Nullable Double relationWeight)
    implements LaterSettings, Serializable {
  /** Weights of the two parts of {@link Loss#DECOUPLED} in its paper. */
  public static final double USUAL_TARGET_WEIGHT = 1;

  /** Weights of the two parts of {@link Loss#DECOUPLED} in its paper. */
  public static final double USUAL_OTHER_WEIGHT = 8;

  /** The teacher's softened distributions alone, at one temperature and one weight. */
  public static final Distillation USUAL =
      new Distillation(
          0,
          Loss.SOFT_TARGETS,
          Logits.RAW,
          USUAL_TARGET_WEIGHT,
          USUAL_OTHER_WEIGHT,
          null,
          null,
          Relation.NONE,
          null);

  public Distillation {
    between("label-smoothing", labelSmoothing, 0, 1);
    requireNonNull(loss, "loss is null");
    requireNonNull(logits, "logits is null");
    between("target-weight", targetWeight, 0, Training.MOST_PENALTY);
    between("other-weight", otherWeight, 0, Training.MOST_PENALTY);
    if (temperatureEnd != null) {
      between("temperature-end", temperatureEnd, 1, Training.MOST_TEMPERATURE);
    }
    if (alphaEnd != null) {
      between("alpha-end", alphaEnd, 0, 1);
    }
    requireNonNull(relation, "relation is null");
    if (relationWeight != null) {
      between("relation-weight", relationWeight, 0, Training.MOST_PENALTY);
    }
  }

  @Override
  public boolean areUsual() {
    return equals(USUAL);
  }

  /** The weight of the relation, the usual one unless another was given. */
  public double lambda() {
    return relationWeight == null ? relation.usualWeight() : relationWeight;
  }

  /** The one of all that come to the same in a training. */
  Distillation effective(Training training) {
    boolean taught = training.isTaught();
    Double end = alphaEnd != null && alphaEnd != training.alpha() ? alphaEnd : null;
    boolean labelled = training.alpha() < 1 || end != null;
    boolean softened = taught && loss != Loss.SQUARED_LOGITS;
    boolean decoupled = taught && loss == Loss.DECOUPLED;
    boolean cools = temperatureEnd != null && temperatureEnd != training.temperature();
    boolean related = relation != Relation.NONE && lambda() > 0;
    return new Distillation(
        labelled ? labelSmoothing : 0,
        taught ? loss : Loss.SOFT_TARGETS,
        taught ? logits : Logits.RAW,
        decoupled ? targetWeight : USUAL_TARGET_WEIGHT,
        decoupled ? otherWeight : USUAL_OTHER_WEIGHT,
        softened && cools ? temperatureEnd : null,
        end,
        related ? relation : Relation.NONE,
        related ? lambda() : null);
  }

  /** What the teacher's part of the loss is, of one example. */
  public enum Loss {
    /** {@code T²·KL(teacher‖student)} of softened distributions (Hinton, Vinyals and Dean 2015). */
    SOFT_TARGETS,
    /**
     * The same in two parts, with a weight each: whether it is the label's class, and which of the
     * others it would be if not (Zhao et al. 2022).
     */
    DECOUPLED,
    /** The mean square difference of logits (Ba and Caruana 2014). */
    SQUARED_LOGITS
  }

  /** What logits are before they are compared. */
  public enum Logits {
    RAW,
    /** Less the mean of an example's, over their deviation (Sun et al. 2024). */
    STANDARDIZED
  }

  /** What of the outputs of a batch's examples is to be as with the teacher. */
  public enum Relation {
    NONE(0),
    /** Distances of pairs, over their mean (Park et al. 2019). */
    DISTANCE(25),
    /** Angles of triples (Park et al. 2019). */
    ANGLE(50),
    /** Inner products of pairs, each example's over their norm (Tung and Mori 2019). */
    SIMILARITY(3000);

    private final double usualWeight;

    Relation(double usualWeight) {
      this.usualWeight = usualWeight;
    }

    /** The weight unless said otherwise: that of its paper. */
    public double usualWeight() {
      return usualWeight;
    }
  }
}
