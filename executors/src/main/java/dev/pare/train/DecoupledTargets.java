package dev.pare.train;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Decoupled distillation (Zhao et al. 2022): {@code T²·(w·TCKD + v·NCKD)} of softened
 * distributions. TCKD is the divergence of whether it is the label's class, NCKD that of the
 * others' distribution if it is not.
 */
final class DecoupledTargets implements TeacherTerm {
  /** No share counts as less: the loss of sure students stays finite. */
  private static final double LEAST = Float.MIN_NORMAL;

  private final float[] teacher;
  private final int classes;
  private int[] examples = {};
  private final float targetWeight;
  private final float otherWeight;
  private final float[] whole;
  private final float[] others;
  private final Shares student;
  private final Shares expected;
  private float temperature;

  /**
   * @param teacher logits, {@code [examples × classes]}
   * @param targetWeight {@code w}
   * @param otherWeight {@code v}
   */
  DecoupledTargets(
      float[] teacher, int classes, float temperature, double targetWeight, double otherWeight) {
    this.teacher = requireNonNull(teacher, "teacher is null");
    this.classes = classes;
    this.temperature = temperature;
    this.targetWeight = (float) targetWeight;
    this.otherWeight = (float) otherWeight;
    this.whole = new float[classes];
    this.others = new float[classes - 1];
    this.student = new Shares();
    this.expected = new Shares();
  }

  /** A distribution in its two parts. */
  private final class Shares {
    private final float[] ofOthers = new float[classes - 1];
    private float target;

    /** The sum of the other classes, which is not one less the target where that is nearly one. */
    private float rest;

    void take(float[] logits, int from, int label) {
      Softmax.row(logits, from, classes, 1 / temperature, whole, 0);
      target = whole[label];
      rest = 0;
      for (int c = 0, o = 0; c < classes; c++) {
        if (c != label) {
          rest += whole[c];
          others[o++] = logits[from + c];
        }
      }
      Softmax.row(others, 0, classes - 1, 1 / temperature, ofOthers, 0);
    }
  }

  @Override
  public void setTemperature(float temperature) {
    this.temperature = temperature;
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
    student.take(logits, from, label);
    expected.take(teacher, examples[place] * classes, label);
    float off = targetWeight * (student.target - expected.target);
    double divergence = 0;
    for (int c = 0, o = 0; c < classes; c++) {
      if (c == label) {
        gradient[from + c] += scale * temperature * off;
      } else {
        float p = student.ofOthers[o];
        float q = expected.ofOthers[o++];
        gradient[from + c] += scale * temperature * (otherWeight * (p - q) - off * p);
        divergence += divergence(q, p);
      }
    }
    double binary =
        divergence(expected.target, student.target) + divergence(expected.rest, student.rest);
    return temperature * temperature * (targetWeight * binary + otherWeight * divergence);
  }

  private static double divergence(double expected, double share) {
    return expected == 0 ? 0 : expected * Math.log(expected / Math.max(share, LEAST));
  }
}
