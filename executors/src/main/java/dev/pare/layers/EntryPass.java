package dev.pare.layers;

import dev.pare.graph.Shape;

/** The input of a network as the output of a layer, so that the next layers give its gradient. */
final class EntryPass extends LayerPass {
  EntryPass(InputPass input) {
    super(input.shape(), input.output());
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {}

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {}

  /**
   * The gradient in the order of examples.
   *
   * @param scale what raw values were multiplied by
   * @param target {@code [example][channel][height][width]}, written
   */
  void copyGradient(int batch, float scale, float[] target) {
    Shape s = shape();
    float[] gradient = outputGradient();
    for (int c = 0; c < s.channels(); c++) {
      for (int y = 0; y < s.height(); y++) {
        for (int x = 0; x < s.width(); x++) {
          int from = ((y * s.channels() + c) * s.width() + x) * batch;
          int to = (c * s.height() + y) * s.width() + x;
          for (int b = 0; b < batch; b++) {
            target[b * s.size() + to] = gradient[from + b] * scale;
          }
        }
      }
    }
  }
}
