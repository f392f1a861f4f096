package dev.pare.candidate;

import static dev.pare.candidate.Checks.atLeast;
import static dev.pare.candidate.Checks.between;
import static dev.pare.candidate.Checks.positive;
import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How a student is trained within a stage. The loss is {@code (1−α)·CE + α·T²·KL(teacher‖student)},
 * summed over classes and averaged over the batch (Hinton, Vinyals and Dean 2015); for regression
 * and reconstruction the squared errors against targets and against what the teacher says take the
 * places of CE and KL, without a temperature. A {@link Distillation} may say otherwise. The
 * optimizer is Adam (Kingma and Ba 2015).
 *
 * @param epochs passes over as many examples as the training data hold; 0 trains nothing
 * @param batch examples a step
 * @param learningRate the step size at the start
 * @param decay how the step size falls to the end of the stage
 * @param l2 L2 penalty on weights: {@code l2/2·‖w‖²} is added to the loss
 * @param temperature T of the softened distributions, 1 to {@link #MOST_TEMPERATURE}
 * @param alpha weight of the teacher's part, 0 (labels only) to 1 (teacher only)
 * @param distillation what else there is to the loss
 * @param averaging of the weights at the end
 * @param repeat which of several trainings it is that differ in nothing but their random choices,
 *     at least 1; null for the first, as 0 is
 * @param adversarial whether it is on inputs that are made to be hard
 */
public record Training(
    int epochs,
    int batch,
    double learningRate,
    Decay decay,
    double l2,
    double temperature,
    double alpha,
    @LaterSetting Distillation distillation,
    @LaterSetting Averaging averaging,
    @LaterSetting @Nullable Integer repeat,
    @LaterSetting Adversarial adversarial)
    implements Serializable {
  /** Highest temperature: beyond it softened distributions are even, but for floats' rounding. */
  public static final int MOST_TEMPERATURE = 1000;

  /** Largest factor of a penalty: with much larger ones gradients overflow floats. */
  public static final int MOST_PENALTY = 1_000_000;

  public Training {
    atLeast("epochs", epochs, 0);
    atLeast("batch", batch, 1);
    positive("learning-rate", learningRate);
    requireNonNull(decay, "decay is null");
    between("l2", l2, 0, MOST_PENALTY);
    between("temperature", temperature, 1, MOST_TEMPERATURE);
    between("alpha", alpha, 0, 1);
    requireNonNull(distillation, "distillation is null");
    requireNonNull(averaging, "averaging is null");
    requireNonNull(adversarial, "adversarial is null");
    if (repeat != null) {
      atLeast("repeat", repeat, 0);
      repeat = repeat == 0 ? null : repeat;
    }
  }

  /** The first of its settings, with the usual distillation and without an average. */
  public Training(
      int epochs,
      int batch,
      double learningRate,
      Decay decay,
      double l2,
      double temperature,
      double alpha) {
    this(
        epochs,
        batch,
        learningRate,
        decay,
        l2,
        temperature,
        alpha,
        Distillation.USUAL,
        Averaging.NONE,
        null);
  }

  /** On the examples as they are. */
  public Training(
      int epochs,
      int batch,
      double learningRate,
      Decay decay,
      double l2,
      double temperature,
      double alpha,
      Distillation distillation,
      Averaging averaging,
      @Nullable Integer repeat) {
    this(
        epochs,
        batch,
        learningRate,
        decay,
        l2,
        temperature,
        alpha,
        distillation,
        averaging,
        repeat,
        Adversarial.NONE);
  }

  /** Whether the teacher has a part in the loss of an example. */
  public boolean isTaught() {
    return alpha > 0 || (distillation.alphaEnd() != null && distillation.alphaEnd() > 0);
  }

  /** The one of all that come to the same, if there is something to train. */
  public Training effective() {
    boolean softened = isTaught() && distillation.loss() != Distillation.Loss.SQUARED_LOGITS;
    return new Training(
        epochs,
        batch,
        learningRate,
        decay,
        l2,
        softened ? temperature : 1,
        alpha,
        distillation.effective(this),
        averaging.effective(epochs),
        repeat,
        adversarial.effective());
  }

  /** How the learning rate changes over a stage. */
  public enum Decay {
    /** It stays. */
    NONE,
    /**
     * Half a cosine wave from the full rate to zero (Loshchilov and Hutter 2017, without restarts).
     */
    COSINE
  }
}
