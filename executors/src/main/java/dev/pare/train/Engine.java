package dev.pare.train;

import dev.pare.layers.Batch;

/**
 * Forward and backward passes of one architecture on the calling thread. Keeps its buffers between
 * calls; not thread-safe.
 */
public interface Engine extends AutoCloseable {
  /**
   * The logits of a batch: what the output layer has before its softmax.
   *
   * @param parameters in the layout of the architecture
   * @param batch raw: the engine divides by the input's divisor
   * @param logits {@code [batch × classes]}, written
   */
  void forward(float[] parameters, Batch batch, float[] logits);

  /**
   * Tells which weights may be other than zero in {@link #gradient} from now on. That of others
   * need not be computed then: what their places in the gradient have means nothing.
   *
   * @param live ascending, among the parameters: the same array for as long as they are the same;
   *     none if it is not known, or they are many
   */
  default void setLive(int[] live) {}

  /**
   * The gradient of a batch's loss with respect to the parameters. Batch normalization works with
   * the batch's mean and variance; for its running ones, the gradient is what to subtract from
   * them.
   *
   * @param gradient in the layout of the architecture, overwritten
   * @return the loss
   */
  double gradient(float[] parameters, Batch batch, LogitLoss loss, float[] gradient);

  /**
   * What a layer but the first has read in the forward pass before.
   *
   * @param target {@code [example][channel][y][x]}, written
   * @throws UnsupportedOperationException unless its kind {@link EngineKind#showsInputs}
   */
  default void copyInput(int layer, int batch, float[] target) {
    throw new UnsupportedOperationException("the engine does not show what layers read");
  }

  /**
   * Adds to each count in how many examples a number was not zero that a layer but the first has
   * read in the forward pass before.
   *
   * @param counts {@code [channel][y][x]}, added to
   * @throws UnsupportedOperationException unless its kind {@link EngineKind#showsInputs}
   */
  default void countNonzeroInputs(int layer, int batch, long[] counts) {
    throw new UnsupportedOperationException("the engine does not show what layers read");
  }

  @Override
  void close();

  /** The loss as a function of the logits. */
  @FunctionalInterface
  interface LogitLoss {
    /**
     * @param logits {@code [batch × classes]}
     * @param logitGradient {@code [batch × classes]}, overwritten with the loss's gradient
     * @return the loss
     */
    double gradient(float[] logits, int batch, float[] logitGradient);
  }
}
