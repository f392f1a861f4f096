package dev.pare.train;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Another term of standardized logits: of teacher and student less their mean, over their standard
 * deviation, so that a student need not be as sure as its teacher (Sun et al. 2024).
 */
final class StandardizedLogits implements TeacherTerm {
  /** Where all logits of an example are equal there is no deviation to divide by. */
  private static final float LEAST_DEVIATION = 1e-7f;

  private final TeacherTerm term;
  private final int classes;
  private final float[] row;
  private final float[] inner;

  /**
   * @param teacher logits, {@code [examples × classes]}
   * @param term of a teacher's standardized logits
   */
  StandardizedLogits(float[] teacher, int classes, Function<float[], TeacherTerm> term) {
    requireNonNull(teacher, "teacher is null");
    this.classes = classes;
    this.row = new float[classes];
    this.inner = new float[classes];
    float[] standardized = new float[teacher.length];
    for (int from = 0; from < teacher.length; from += classes) {
      standardize(teacher, from, standardized, from);
    }
    this.term = term.apply(standardized);
  }

  @Override
  public void setTemperature(float temperature) {
    term.setTemperature(temperature);
  }

  @Override
  public void load(int[] examples, int count) {
    term.load(examples, count);
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
    float deviation = standardize(logits, from, row, 0);
    Arrays.fill(inner, 0);
    double loss = term.add(place, label, row, 0, null, scale, inner);
    if (deviation == LEAST_DEVIATION) {
      // Alike logits, of a network that has lost its last units, would have gradients of 10⁷.
      return loss;
    }
    float mean = 0;
    float slope = 0;
    for (int c = 0; c < classes; c++) {
      mean += inner[c];
      slope += inner[c] * row[c];
    }
    mean /= classes;
    slope /= classes;
    for (int c = 0; c < classes; c++) {
      gradient[from + c] += (inner[c] - mean - row[c] * slope) / deviation;
    }
    return loss;
  }

  /** Returns what the distances from the mean were divided by. */
  private float standardize(float[] logits, int from, float[] target, int to) {
    double mean = 0;
    for (int c = 0; c < classes; c++) {
      mean += logits[from + c];
    }
    mean /= classes;
    double squares = 0;
    for (int c = 0; c < classes; c++) {
      squares += (logits[from + c] - mean) * (logits[from + c] - mean);
    }
    float deviation = Math.max((float) Math.sqrt(squares / classes), LEAST_DEVIATION);
    for (int c = 0; c < classes; c++) {
      target[to + c] = (float) (logits[from + c] - mean) / deviation;
    }
    return deviation;
  }
}
