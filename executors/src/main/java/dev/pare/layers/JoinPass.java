package dev.pare.layers;

import dev.pare.graph.Shape;

/**
 * A pass that gives its inputs' gradients only when they are asked for, after its own backward pass
 * and before that of what made the input: so that several layers can read the same output.
 */
abstract class JoinPass extends LayerPass {
  /**
   * @param shape of the output
   */
  JoinPass(Shape shape, int largestBatch) {
    super(shape, largestBatch);
  }

  /** What another pass computes, with a gradient of its own. */
  JoinPass(LayerPass source) {
    super(source.shape(), source.output());
  }

  /**
   * Adds an input's share to the gradient of its output, of which something is there already.
   *
   * @param input index among the layer's inputs
   */
  abstract void addInputGradient(int input, int batch);

  static void add(float[] from, int fromAt, float[] to, int toAt, int length) {
    for (int i = 0; i < length; i++) {
      to[toAt + i] += from[fromAt + i];
    }
  }
}
