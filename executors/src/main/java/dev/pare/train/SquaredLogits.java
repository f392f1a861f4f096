package dev.pare.train;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The mean over classes of {@code (z−t)²}, student's less teacher's logit (Ba and Caruana 2014).
 */
final class SquaredLogits implements TeacherTerm {
  private final float[] teacher;
  private final int classes;
  private int[] examples = {};

  /**
   * @param teacher logits, {@code [examples × classes]}
   */
  SquaredLogits(float[] teacher, int classes) {
    this.teacher = requireNonNull(teacher, "teacher is null");
    this.classes = classes;
  }

  @Override
  public void load(int[] examples, int count) {
    this.examples = examples;
  }

  @Override
  public double add(
      int place,
      int label,
      float[] logits,
      int from,
      float @Nullable [] shares,
      float scale,
      float[] gradient) {
    double loss = 0;
    for (int c = 0; c < classes; c++) {
      float off = logits[from + c] - teacher[examples[place] * classes + c];
      gradient[from + c] += scale * 2 / classes * off;
      loss += (double) off * off;
    }
    return loss / classes;
  }
}
