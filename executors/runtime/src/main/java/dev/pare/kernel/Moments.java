package dev.pare.kernel;

/** Mean and variance of some numbers, by all of them. */
record Moments(double mean, double variance) {
  /**
   * @param from index of the first number
   * @param count how many there are
   * @param step from one to the next
   */
  static Moments of(float[] values, int from, int count, int step) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += values[from + i * step];
    }
    double mean = sum / count;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double off = values[from + i * step] - mean;
      squares += off * off;
    }
    return new Moments(mean, squares / count);
  }

  /** The root of the variance and a small number. */
  double deviation(float epsilon) {
    return Math.sqrt(variance + epsilon);
  }
}
