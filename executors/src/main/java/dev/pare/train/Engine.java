package dev.pare.train;

/**
 * Forward and backward passes of one architecture on the calling thread. Keeps its buffers between
 * calls; not thread-safe.
 */
public interface Engine extends AutoCloseable {
  /**
   * The logits of a batch: what the output layer has before its softmax.
   *
   * @param parameters in the layout of the architecture
   * @param inputs {@code [batch × features]}, raw: the engine divides by the input's divisor
   * @param logits {@code [batch × classes]}, written
   */
  void forward(float[] parameters, float[] inputs, int batch, float[] logits);

  /**
   * The gradient of a batch's loss with respect to the parameters. Batch normalization works with
   * the batch's mean and variance; for its running ones, the gradient is what to subtract from
   * them.
   *
   * @param gradient in the layout of the architecture, overwritten
   * @return the loss
   */
  double gradient(float[] parameters, float[] inputs, int batch, LogitLoss loss, float[] gradient);

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
