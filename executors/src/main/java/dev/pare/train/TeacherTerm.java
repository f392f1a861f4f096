package dev.pare.train;

/** What a teacher makes of a classifier's loss, of one example. Keeps buffers; not thread-safe. */
interface TeacherTerm {
  /** Takes another temperature from here on, if it has one. */
  default void setTemperature(float temperature) {}

  /**
   * Adds the gradient of an example.
   *
   * @param example whose teacher's logits it goes by
   * @param label its class
   * @param logits the student's, of a batch
   * @param from where the example's begin there
   * @param scale factor of the gradient
   * @param gradient as {@code logits}; added to
   * @return the loss of the example, without {@code scale}
   */
  double add(int example, int label, float[] logits, int from, float scale, float[] gradient);
}
