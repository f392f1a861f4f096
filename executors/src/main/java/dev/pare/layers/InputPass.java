package dev.pare.layers;

import dev.pare.graph.Shape;

/** Puts a batch of examples into the order that layers work in. */
final class InputPass extends LayerPass {
  /** Examples and pixels that are moved together: their lines fit a first-level cache. */
  private static final int BLOCK = 16;

  private final float scale;

  /**
   * @param scale what raw values are multiplied by
   */
  InputPass(Shape shape, float scale, int largestBatch) {
    super(shape, largestBatch);
    this.scale = scale;
  }

  /** From {@code [example][channel][height][width]}. */
  void load(float[] inputs, int batch) {
    Shape s = shape();
    int features = s.size();
    float[] out = output();
    for (int firstExample = 0; firstExample < batch; firstExample += BLOCK) {
      int lastExample = Math.min(firstExample + BLOCK, batch);
      for (int c = 0; c < s.channels(); c++) {
        for (int y = 0; y < s.height(); y++) {
          int from = (c * s.height() + y) * s.width();
          int to = (y * s.channels() + c) * s.width() * batch;
          for (int x = 0; x < s.width(); x++) {
            int target = to + x * batch;
            for (int n = firstExample; n < lastExample; n++) {
              out[target + n] = inputs[n * features + from + x] * scale;
            }
          }
        }
      }
    }
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {}

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {}
}
