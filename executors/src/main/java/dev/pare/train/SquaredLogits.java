package dev.pare.train;

import static java.util.Objects.requireNonNull;

/**
 * The mean over classes of {@code (z−t)²}, student's less teacher's logit (Ba and Caruana 2014).
 */
final class SquaredLogits implements TeacherTerm {
  private final float[] teacher;
  private final int classes;

  /**
   * @param teacher logits, {@code [examples × classes]}
   */
  SquaredLogits(float[] teacher, int classes) {
    this.teacher = requireNonNull(teacher, "teacher is null");
    this.classes = classes;
  }

  @Override
  public double add(
      int example, int label, float[] logits, int from, float scale, float[] gradient) {
    double loss = 0;
    for (int c = 0; c < classes; c++) {
      float off = logits[from + c] - teacher[example * classes + c];
      gradient[from + c] += scale * 2 / classes * off;
      loss += (double) off * off;
    }
    return loss / classes;
  }
}
