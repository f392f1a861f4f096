package dev.pare.train;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Distillation;
import dev.pare.data.Examples;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code (1−α)·CE + α·}(what a teacher asks for), mean over the batch: {@code
 * T²·KL(teacher‖student)} (Hinton, Vinyals and Dean 2015), or another {@link Distillation.Loss}.
 *
 * <p>The loss's value is told and checked, but only its gradient trains: it alone must be the same
 * to the bit everywhere.
 *
 * <p>Cross entropy is against labels smoothed by {@code ε}: {@code 1−ε} on the label plus {@code
 * ε/classes} everywhere (Szegedy et al. 2016). Of each example all counts as much as {@link
 * Examples#classWeight} says of its class.
 */
public final class DistillationLoss implements BatchLoss {
  private final Examples examples;
  private final int classes;
  private final Ramp weight;
  private final Ramp temperature;
  private final float smoothing;
  private final float @Nullable [] teacher;
  private final @Nullable TeacherTerm term;
  private final float[] classWeights;
  private final float[] hard;
  private float alpha;
  private int[] labels = {};

  private DistillationLoss(
      Examples examples,
      Ramp weight,
      Ramp temperature,
      double smoothing,
      float @Nullable [] teacher,
      @Nullable TeacherTerm term) {
    this.examples = requireNonNull(examples, "examples is null");
    this.classes = examples.classes();
    this.weight = weight;
    this.temperature = temperature;
    this.smoothing = (float) smoothing;
    this.teacher = teacher;
    this.term = term;
    this.classWeights = new float[classes];
    for (int c = 0; c < classes; c++) {
      classWeights[c] = examples.classWeight(c);
    }
    this.hard = new float[classes];
    this.alpha = (float) weight.from();
  }

  /** Cross entropy alone. */
  public static DistillationLoss ofLabels(Examples examples, double smoothing) {
    Ramp none = Ramp.of(0, null);
    return new DistillationLoss(examples, none, Ramp.of(1, null), smoothing, null, null);
  }

  /** The usual distillation. */
  public static DistillationLoss ofTeacher(
      Examples examples, float[] logits, double temperature, double alpha) {
    return ofTeacher(examples, logits, temperature, alpha, Distillation.USUAL);
  }

  /**
   * Distillation.
   *
   * @param logits the teacher's, {@code [examples × classes]}
   * @param temperature at the first step
   * @param alpha at the first step
   */
  public static DistillationLoss ofTeacher(
      Examples examples, float[] logits, double temperature, double alpha, Distillation settings) {
    if (logits.length != (long) examples.size() * examples.classes()) {
      throw new IllegalArgumentException(
          logits.length + " teacher outputs for " + examples.size() + " examples");
    }
    Ramp temperatures = Ramp.of(temperature, settings.temperatureEnd());
    int classes = examples.classes();
    Function<float[], TeacherTerm> term = of -> term(settings, temperatures, of, classes);
    return new DistillationLoss(
        examples,
        Ramp.of(alpha, settings.alphaEnd()),
        temperatures,
        settings.labelSmoothing(),
        logits,
        switch (settings.logits()) {
          case RAW -> term.apply(logits);
          case STANDARDIZED -> new StandardizedLogits(logits, classes, term);
        });
  }

  private static TeacherTerm term(
      Distillation settings, Ramp temperature, float[] logits, int classes) {
    float first = (float) temperature.from();
    return switch (settings.loss()) {
      case SOFT_TARGETS -> new SoftTargets(logits, classes, first, temperature.isConstant());
      case DECOUPLED ->
          new DecoupledTargets(
              logits, classes, first, settings.targetWeight(), settings.otherWeight());
      case SQUARED_LOGITS -> new SquaredLogits(logits, classes);
    };
  }

  @Override
  public Optional<LossTerms> terms() {
    boolean plain = term == null || term instanceof SoftTargets;
    return plain && weight.isConstant() && temperature.isConstant()
        ? Optional.of(new LossTerms(examples, teacher, alpha, temperature.from(), smoothing))
        : Optional.empty();
  }

  @Override
  public void setProgress(double progress) {
    alpha = (float) weight.at(progress);
    if (term != null) {
      term.setTemperature((float) temperature.at(progress));
    }
  }

  @Override
  public Engine.LogitLoss on(int[] indices) {
    return (logits, batch, gradient) -> gradient(indices, logits, batch, gradient);
  }

  private double gradient(int[] indices, float[] logits, int batch, float[] gradient) {
    double loss = 0;
    labels = labels.length < batch ? new int[batch] : labels;
    for (int b = 0; b < batch; b++) {
      labels[b] = examples.label(indices[b]);
    }
    if (term != null && alpha > 0) {
      term.load(indices, batch);
    }
    for (int b = 0; b < batch; b++) {
      int from = b * classes;
      int label = labels[b];
      float weight = classWeights[label];
      float mean = weight / batch;
      float sum = Softmax.row(logits, from, classes, 1, hard, 0);
      loss += weight * (1 - alpha) * crossEntropy(logits, from, label, sum);
      for (int c = 0; c < classes; c++) {
        gradient[from + c] = (1 - alpha) * mean * (hard[c] - smoothing / classes);
      }
      gradient[from + label] -= (1 - alpha) * mean * (1 - smoothing);
      if (term != null && alpha > 0) {
        loss += weight * alpha * term.add(b, label, logits, from, hard, alpha * mean, gradient);
      }
    }
    return loss * (1f / batch);
  }

  /** Against smoothed labels, up to nothing: {@code log Σe^z − Σ target·z}. */
  private double crossEntropy(float[] logits, int from, int label, float sumOfExponentials) {
    float largest = Softmax.largest(logits, from, classes);
    double total = 0;
    for (int c = 0; c < classes; c++) {
      total += logits[from + c];
    }
    double target = (1 - smoothing) * logits[from + label] + smoothing / classes * total;
    return largest + Math.log(sumOfExponentials) - target;
  }
}
