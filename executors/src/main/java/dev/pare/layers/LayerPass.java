package dev.pare.layers;

import dev.pare.graph.Shape;
import org.jspecify.annotations.Nullable;

/**
 * One layer's forward and backward pass over a batch, with its buffers.
 *
 * <p>What flows between layers lies as {@code [height][channels][width][example]}: examples
 * innermost, so that every loop over a batch is long and contiguous, and a row of an image for all
 * channels in one piece, so that a convolution is a few plain matrix products. Of a batch smaller
 * than the largest, the buffers' beginnings are used, packed. Buffers of gradients are there from
 * the first backward pass on.
 */
abstract class LayerPass {
  private final Shape shape;
  private final float[] output;
  private final @Nullable LayerPass inner;
  private float[] outputGradient = {};

  /**
   * @param shape of the output
   */
  LayerPass(Shape shape, int largestBatch) {
    this.shape = shape;
    this.output = new float[Math.multiplyExact(shape.size(), largestBatch)];
    this.inner = null;
  }

  /** What another pass computes, in its buffers. */
  LayerPass(LayerPass inner) {
    this.shape = inner.shape;
    this.output = inner.output;
    this.inner = inner;
  }

  /**
   * With an output that something else computes.
   *
   * @param shape of the output
   */
  LayerPass(Shape shape, float[] output) {
    this.shape = shape;
    this.output = output;
    this.inner = null;
  }

  /** Shape of the output. */
  final Shape shape() {
    return shape;
  }

  /** What the layer computed last. */
  final float[] output() {
    return output;
  }

  /** Where the layer after this one writes the loss's gradient with respect to the output. */
  final float[] outputGradient() {
    if (inner != null) {
      return inner.outputGradient();
    }
    if (outputGradient.length == 0) {
      outputGradient = new float[output.length];
    }
    return outputGradient;
  }

  /** How many numbers the buffers have for each example of a batch. */
  long floatsAnExample(Mode mode) {
    return (mode == Mode.TRAINING ? 2L : 1L) * shape.size();
  }

  /** What a forward pass is for. */
  enum Mode {
    /** A backward pass follows. */
    TRAINING,
    /** The output is all that is wanted. */
    INFERENCE
  }

  /**
   * Tells which weights may be other than zero in what follows. The gradient of others need not be
   * computed then.
   *
   * @param live ascending, among the network's parameters: the same array for as long as they are
   *     the same; none if it is not known, or they are many
   */
  void setLive(int[] live) {}

  /** Computes the output. */
  abstract void forward(float[] parameters, int batch, Mode mode);

  /**
   * Turns the output's gradient, which it may overwrite, into the parameters' and, unless this is
   * the first layer, the input's.
   */
  abstract void backward(float[] parameters, float[] gradient, int batch);
}
