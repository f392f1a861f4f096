package dev.pare.train;

/** What the outputs of a batch are to each other. Keeps buffers; not thread-safe. */
interface Relation {
  /**
   * Compares a student's relations with its teacher's.
   *
   * @param outputs the student's, {@code [batch × width]}
   * @param teacher the teacher's of the same examples
   * @param scale factor of the gradient
   * @param gradient of the student's outputs; added to
   * @return the loss, without {@code scale}; 0 of too few examples to have any relation
   */
  double add(
      float[] outputs, float[] teacher, int batch, int width, double scale, float[] gradient);

  /** {@code e²/2} near zero, {@code |e|−1/2} beyond one (Huber 1964). */
  static double huber(double error) {
    double size = Math.abs(error);
    return size <= 1 ? 0.5 * error * error : size - 0.5;
  }

  /** The derivative of {@link #huber}. */
  static double huberSlope(double error) {
    return Math.max(-1, Math.min(1, error));
  }

  /** The distance of two rows. */
  static double distance(float[] outputs, int width, int one, int other) {
    double squares = 0;
    for (int c = 0; c < width; c++) {
      double off = outputs[one * width + c] - outputs[other * width + c];
      squares += off * off;
    }
    return Math.sqrt(squares);
  }
}
