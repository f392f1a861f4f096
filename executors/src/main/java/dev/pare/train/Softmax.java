package dev.pare.train;

import dev.pare.layers.Exponential;

/** Softmax over rows of logits. */
public final class Softmax {
  private Softmax() {}

  /**
   * Softmax of {@code logits / temperature} for each of {@code rows} rows of {@code classes};
   * {@code target} may be {@code logits}.
   */
  public static void rows(
      float[] logits, int rows, int classes, double temperature, float[] target) {
    for (int r = 0; r < rows; r++) {
      row(logits, r * classes, classes, (float) (1 / temperature), target, r * classes);
    }
  }

  /**
   * Softmax of one row; returns the sum of the exponentials, each taken relative to the largest
   * logit.
   */
  static float row(
      float[] logits, int from, int classes, float inverseTemperature, float[] target, int to) {
    float largest = largest(logits, from, classes);
    float sum = 0;
    for (int c = 0; c < classes; c++) {
      float e = Exponential.exp((logits[from + c] - largest) * inverseTemperature);
      target[to + c] = e;
      sum += e;
    }
    float scale = 1 / sum;
    for (int c = 0; c < classes; c++) {
      target[to + c] *= scale;
    }
    return sum;
  }

  /** The largest of some values; of every second one for itself, as the next would wait for it. */
  static float largest(float[] values, int from, int count) {
    float one = Float.NEGATIVE_INFINITY;
    float other = Float.NEGATIVE_INFINITY;
    int to = from + count;
    int i = from;
    for (; i + 1 < to; i += 2) {
      one = Math.max(one, values[i]);
      other = Math.max(other, values[i + 1]);
    }
    return Math.max(one, i < to ? Math.max(other, values[i]) : other);
  }
}
