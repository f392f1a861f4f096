package dev.pare.train;

import static java.util.Objects.requireNonNull;

import dev.pare.data.Examples;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code (1−α)·‖z−y‖² + α·‖z−t‖²} over the number of outputs, mean over the batch: {@code z} what a
 * network says, {@code y} the target, {@code t} what its teacher says. For regression and
 * reconstruction this is what distillation comes to at high temperatures (Hinton, Vinyals and Dean
 * 2015, 2.1).
 */
public final class SquaredLoss implements BatchLoss {
  private final Examples examples;
  private final int outputs;
  private final Ramp weight;
  private final float @Nullable [] teacher;
  private final float[] target;
  private float alpha;

  private SquaredLoss(Examples examples, Ramp weight, float @Nullable [] teacher) {
    this.examples = requireNonNull(examples, "examples is null");
    this.outputs = examples.outputs();
    this.weight = weight;
    this.alpha = (float) weight.from();
    this.teacher = teacher;
    this.target = new float[outputs];
  }

  /** The squared error alone. */
  public static SquaredLoss ofTargets(Examples examples) {
    return new SquaredLoss(examples, Ramp.of(0, null), null);
  }

  /** With a teacher whose part keeps its weight. */
  public static SquaredLoss ofTeacher(Examples examples, float[] said, double alpha) {
    return ofTeacher(examples, said, alpha, null);
  }

  /**
   * With a teacher.
   *
   * @param said what the teacher says, {@code [examples × outputs]}
   * @param alpha weight of the teacher's part, 0 to 1
   * @param alphaEnd that at the last step, null if it stays
   */
  public static SquaredLoss ofTeacher(
      Examples examples, float[] said, double alpha, @Nullable Double alphaEnd) {
    if (said.length != (long) examples.size() * examples.outputs()) {
      throw new IllegalArgumentException(
          said.length + " teacher outputs for " + examples.size() + " examples");
    }
    return new SquaredLoss(examples, Ramp.of(alpha, alphaEnd), said);
  }

  @Override
  public Engine.LogitLoss on(int[] indices) {
    return (said, batch, gradient) -> gradient(indices, said, batch, gradient);
  }

  @Override
  public Optional<LossTerms> terms() {
    return weight.isConstant()
        ? Optional.of(new LossTerms(examples, teacher, teacher == null ? 0 : alpha, 1, 0))
        : Optional.empty();
  }

  @Override
  public void setProgress(double progress) {
    alpha = (float) weight.at(progress);
  }

  private double gradient(int[] indices, float[] said, int batch, float[] gradient) {
    float mean = 1f / ((float) batch * outputs);
    double loss = 0;
    for (int b = 0; b < batch; b++) {
      int from = b * outputs;
      examples.copyTarget(indices[b], target, 0);
      for (int o = 0; o < outputs; o++) {
        float off = said[from + o] - target[o];
        loss += (1 - alpha) * (double) off * off;
        gradient[from + o] = 2 * (1 - alpha) * mean * off;
      }
      if (teacher != null && alpha > 0) {
        loss += distill(teacher, indices[b] * outputs, said, from, mean, gradient);
      }
    }
    return loss / ((double) batch * outputs);
  }

  private double distill(
      float[] teachers, int row, float[] said, int from, float mean, float[] gradient) {
    double loss = 0;
    for (int o = 0; o < outputs; o++) {
      float off = said[from + o] - teachers[row + o];
      loss += alpha * (double) off * off;
      gradient[from + o] += 2 * alpha * mean * off;
    }
    return loss;
  }
}
