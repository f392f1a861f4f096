package dev.pare.train;

import static java.util.Objects.requireNonNull;

import dev.pare.data.Examples;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code (1−α)·CE + α·T²·KL(teacher‖student)}, summed over classes, mean over the batch (Hinton,
 * Vinyals and Dean 2015).
 *
 * <p>The loss's value is told and checked, but only its gradient trains: it alone must be the same
 * to the bit everywhere.
 *
 * <p>Cross entropy is against labels smoothed by {@code ε}: {@code 1−ε} on the label plus {@code
 * ε/classes} everywhere (Szegedy et al. 2016). Of each example all counts as much as {@link
 * Examples#classWeight} says of its class. The teacher's softened distributions are computed once,
 * not in every step.
 */
public final class DistillationLoss implements BatchLoss {
  /** No share counts as less: the loss of sure students stays finite. */
  private static final double LOG_OF_LEAST = Math.log(Float.MIN_NORMAL);

  private final Examples examples;
  private final int classes;
  private final float alpha;
  private final float smoothing;
  private final float temperature;
  private final float @Nullable [] teacher;
  private float @Nullable [] softened;
  private final float[] classWeights;
  private final float[] hard;
  private final float[] soft;

  private DistillationLoss(
      Examples examples,
      double alpha,
      double smoothing,
      double temperature,
      float @Nullable [] teacher) {
    this.examples = requireNonNull(examples, "examples is null");
    this.classes = examples.classes();
    this.alpha = (float) alpha;
    this.smoothing = (float) smoothing;
    this.temperature = (float) temperature;
    this.teacher = teacher;
    this.classWeights = new float[classes];
    for (int c = 0; c < classes; c++) {
      classWeights[c] = examples.classWeight(c);
    }
    this.hard = new float[classes];
    this.soft = new float[classes];
  }

  /** Cross entropy alone. */
  public static DistillationLoss ofLabels(Examples examples, double smoothing) {
    return new DistillationLoss(examples, 0, smoothing, 1, null);
  }

  /**
   * Distillation.
   *
   * @param logits the teacher's, {@code [examples × classes]}
   */
  public static DistillationLoss ofTeacher(
      Examples examples, float[] logits, double temperature, double alpha) {
    if (logits.length != (long) examples.size() * examples.classes()) {
      throw new IllegalArgumentException(
          logits.length + " teacher outputs for " + examples.size() + " examples");
    }
    return new DistillationLoss(examples, alpha, 0, temperature, logits);
  }

  @Override
  public Optional<LossTerms> terms() {
    return Optional.of(new LossTerms(examples, teacher, alpha, temperature, smoothing));
  }

  @Override
  public Engine.LogitLoss on(int[] indices) {
    if (teacher != null && softened == null) {
      softened = new float[teacher.length];
      Softmax.rows(teacher, examples.size(), classes, temperature, softened);
    }
    return (logits, batch, gradient) -> gradient(indices, logits, batch, gradient);
  }

  private double gradient(int[] indices, float[] logits, int batch, float[] gradient) {
    double loss = 0;
    for (int b = 0; b < batch; b++) {
      int from = b * classes;
      int label = examples.label(indices[b]);
      float weight = classWeights[label];
      float mean = weight / batch;
      float sum = Softmax.row(logits, from, classes, 1, hard, 0);
      loss += weight * (1 - alpha) * crossEntropy(logits, from, label, sum);
      for (int c = 0; c < classes; c++) {
        gradient[from + c] = (1 - alpha) * mean * (hard[c] - smoothing / classes);
      }
      gradient[from + label] -= (1 - alpha) * mean * (1 - smoothing);
      if (teacher != null && softened != null && alpha > 0) {
        int row = indices[b] * classes;
        distill(softened, row, logits, from, mean, gradient);
        loss += weight * alpha * divergence(teacher, softened, row, logits, from);
      }
    }
    return loss * (1f / batch);
  }

  /** Against smoothed labels, up to nothing: {@code log Σe^z − Σ target·z}. */
  private double crossEntropy(float[] logits, int from, int label, float sumOfExponentials) {
    float largest = Float.NEGATIVE_INFINITY;
    double total = 0;
    for (int c = 0; c < classes; c++) {
      largest = Math.max(largest, logits[from + c]);
      total += logits[from + c];
    }
    double target = (1 - smoothing) * logits[from + label] + smoothing / classes * total;
    return largest + Math.log(sumOfExponentials) - target;
  }

  private void distill(
      float[] softened, int row, float[] logits, int from, float mean, float[] gradient) {
    Softmax.row(logits, from, classes, 1 / temperature, soft, 0);
    for (int c = 0; c < classes; c++) {
      gradient[from + c] += alpha * mean * temperature * (soft[c] - softened[row + c]);
    }
  }

  /**
   * After {@link #distill}. A logarithm of a softmax is the distance from the largest logit plus
   * the logarithm of the largest share, so that two logarithms an example are enough.
   */
  private double divergence(float[] teacher, float[] softened, int row, float[] logits, int from) {
    int likeliest = 0;
    int expected = 0;
    for (int c = 1; c < classes; c++) {
      likeliest = logits[from + c] > logits[from + likeliest] ? c : likeliest;
      expected = teacher[row + c] > teacher[row + expected] ? c : expected;
    }
    double most = Math.log(soft[likeliest]);
    double mostExpected = Math.log(softened[row + expected]);
    double divergence = 0;
    for (int c = 0; c < classes; c++) {
      double share = (logits[from + c] - logits[from + likeliest]) / temperature + most;
      double target = (teacher[row + c] - teacher[row + expected]) / temperature + mostExpected;
      // A class that the teacher rules out has no part, however far away it is.
      float q = softened[row + c];
      divergence += q == 0 ? 0 : q * (target - Math.max(share, LOG_OF_LEAST));
    }
    return temperature * temperature * divergence;
  }
}
