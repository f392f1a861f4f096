package dev.pare.train;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

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
  private float[] softened = {};

  /** Of each softened distribution of the teacher's {@code Σ q·log q}. */
  private double[] certainty = {};

  /** The same two of the examples of a batch. */
  private float[] near = {};

  private double[] nearCertainty = {};

  private float temperature;

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
  }

  @Override
  public void setTemperature(float temperature) {
    this.temperature = temperature;
  }

  @Override
  public void load(int[] examples, int count) {
    if (stays && softened.length == 0) {
      soften();
    }
    if (near.length < count * classes) {
      near = new float[count * classes];
      nearCertainty = new double[count];
    }
    for (int b = 0; b < count; b++) {
      int row = examples[b] * classes;
      if (stays) {
        System.arraycopy(softened, row, near, b * classes, classes);
        nearCertainty[b] = certainty[examples[b]];
      } else {
        Softmax.row(teacher, row, classes, 1 / temperature, near, b * classes);
        nearCertainty[b] = expectedLogarithm(row, near, b * classes);
      }
    }
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
    float[] student = temperature == 1 && shares != null ? shares : softened(logits, from);
    int at = place * classes;
    for (int c = 0; c < classes; c++) {
      gradient[from + c] += scale * temperature * (student[c] - near[at + c]);
    }
    return divergence(place, logits, from, student);
  }

  private float[] softened(float[] logits, int from) {
    Softmax.row(logits, from, classes, 1 / temperature, soft, 0);
    return soft;
  }

  private void soften() {
    int rows = teacher.length / classes;
    softened = new float[teacher.length];
    certainty = new double[rows];
    Softmax.rows(teacher, rows, classes, temperature, softened);
    for (int r = 0; r < rows; r++) {
      certainty[r] = expectedLogarithm(r * classes, softened, r * classes);
    }
  }

  /** {@code Σ q·log q} of a row of the teacher's, softened at {@code at}. */
  private double expectedLogarithm(int row, float[] shares, int at) {
    double most = Math.log(Softmax.largest(shares, at, classes));
    float largest = Softmax.largest(teacher, row, classes);
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      // A class that the teacher rules out has no part, however far away it is.
      float q = shares[at + c];
      sum += q == 0 ? 0 : q * ((teacher[row + c] - largest) / temperature + most);
    }
    return sum;
  }

  /**
   * A logarithm of a softmax is the distance from the largest logit plus the logarithm of the
   * largest share, so that one logarithm is enough; that of the teacher's is there.
   */
  private double divergence(int place, float[] logits, int from, float[] student) {
    double most = Math.log(Softmax.largest(student, 0, classes));
    float largest = Softmax.largest(logits, from, classes);
    double cross = 0;
    for (int c = 0; c < classes; c++) {
      double share = (logits[from + c] - largest) / temperature + most;
      float q = near[place * classes + c];
      cross += q == 0 ? 0 : q * Math.max(share, LOG_OF_LEAST);
    }
    return temperature * temperature * (nearCertainty[place] - cross);
  }
}
