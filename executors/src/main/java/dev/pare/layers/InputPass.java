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
  void load(Batch examples) {
    boolean areBytes = examples.areBytes();
    byte[] bytes = areBytes ? examples.bytes() : new byte[0];
    float[] floats = areBytes ? new float[0] : examples.floats();
    Shape s = shape();
    int batch = examples.size();
    for (int first = 0; first < batch; first += BLOCK) {
      int count = Math.min(BLOCK, batch - first);
      for (int c = 0; c < s.channels(); c++) {
        for (int y = 0; y < s.height(); y++) {
          int from = first * s.size() + (c * s.height() + y) * s.width();
          int to = (y * s.channels() + c) * s.width() * batch + first;
          for (int x = 0; x < s.width(); x++) {
            if (areBytes) {
              load(bytes, from + x, to + x * batch, count);
            } else {
              load(floats, from + x, to + x * batch, count);
            }
          }
        }
      }
    }
  }

  private void load(float[] examples, int from, int to, int count) {
    int features = shape().size();
    float[] out = output();
    for (int n = 0; n < count; n++) {
      out[to + n] = examples[from + n * features] * scale;
    }
  }

  private void load(byte[] examples, int from, int to, int count) {
    int features = shape().size();
    float[] out = output();
    for (int n = 0; n < count; n++) {
      out[to + n] = (examples[from + n * features] & 0xFF) * scale;
    }
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {}

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {}
}
