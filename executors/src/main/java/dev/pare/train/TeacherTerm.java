package dev.pare.train;

import org.jspecify.annotations.Nullable;

/** What a teacher makes of a classifier's loss, of one example. Keeps buffers; not thread-safe. */
interface TeacherTerm {
  /** Takes another temperature from here on, if it has one. */
  default void setTemperature(float temperature) {}

  /**
   * Takes the examples of a batch, so that what there is of them comes into the cache at once, not
   * one after the other.
   *
   * @param examples kept, of which the first {@code count} count; they must stay as they are until
   *     the next
   */
  void load(int[] examples, int count);

  /**
   * Adds the gradient of an example.
   *
   * @param place of the example in the batch
   * @param label its class
   * @param logits the student's, of a batch
   * @param from where the example's begin there
   * @param shares the softmax of the example's logits, if it is known already
   * @param scale factor of the gradient
   * @param gradient as {@code logits}; added to
   * @return the loss of the example, without {@code scale}
   */
  double add(
      int place,
      int label,
      float[] logits,
      int from,
      float @Nullable [] shares,
      float scale,
      float[] gradient);
}
