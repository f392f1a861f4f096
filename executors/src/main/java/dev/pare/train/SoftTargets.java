package dev.pare.train;

import static java.util.Objects.requireNonNull;

/**
 * {@code T²·KL(teacher‖student)} of distributions softened by a temperature, summed over classes
 * (Hinton, Vinyals and Dean 2015). At a temperature that stays the teacher's are computed once, not
 * in every step.
 */
final class SoftTargets implements TeacherTerm {
  /** No share counts as less: the loss of sure students stays finite. */
  private static final double LOG_OF_LEAST = Math.log(Float.MIN_NORMAL);

  private final float[] teacher;
  private final int classes;
  private final boolean stays;
  private final float[] soft;
  private float[] softened;
  private float temperature;
  private boolean isSoftened;

  /**
   * @param teacher logits, {@code [examples × classes]}
   * @param stays whether the temperature does
   */
  SoftTargets(float[] teacher, int classes, float temperature, boolean stays) {
    this.teacher = requireNonNull(teacher, "teacher is null");
    this.classes = classes;
    this.temperature = temperature;
    this.stays = stays;
    this.soft = new float[classes];
    this.softened = new float[stays ? 0 : classes];
  }

  @Override
  public void setTemperature(float temperature) {
    this.temperature = temperature;
  }

  @Override
  public double add(
      int example, int label, float[] logits, int from, float scale, float[] gradient) {
    int row = example * classes;
    int at = soften(row);
    Softmax.row(logits, from, classes, 1 / temperature, soft, 0);
    for (int c = 0; c < classes; c++) {
      gradient[from + c] += scale * temperature * (soft[c] - softened[at + c]);
    }
    return divergence(row, at, logits, from);
  }

  /** Where a row's softened distribution is. */
  private int soften(int row) {
    if (!stays) {
      Softmax.row(teacher, row, classes, 1 / temperature, softened, 0);
      return 0;
    }
    if (!isSoftened) {
      softened = new float[teacher.length];
      Softmax.rows(teacher, teacher.length / classes, classes, temperature, softened);
      isSoftened = true;
    }
    return row;
  }

  /**
   * A logarithm of a softmax is the distance from the largest logit plus the logarithm of the
   * largest share, so that two logarithms an example are enough.
   */
  private double divergence(int row, int at, float[] logits, int from) {
    int likeliest = 0;
    int expected = 0;
    for (int c = 1; c < classes; c++) {
      likeliest = logits[from + c] > logits[from + likeliest] ? c : likeliest;
      expected = teacher[row + c] > teacher[row + expected] ? c : expected;
    }
    double most = Math.log(soft[likeliest]);
    double mostExpected = Math.log(softened[at + expected]);
    double divergence = 0;
    for (int c = 0; c < classes; c++) {
      double share = (logits[from + c] - logits[from + likeliest]) / temperature + most;
      double target = (teacher[row + c] - teacher[row + expected]) / temperature + mostExpected;
      // A class that the teacher rules out has no part, however far away it is.
      float q = softened[at + c];
      divergence += q == 0 ? 0 : q * (target - Math.max(share, LOG_OF_LEAST));
    }
    return temperature * temperature * divergence;
  }
}
