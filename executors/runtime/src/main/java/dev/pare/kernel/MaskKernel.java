package dev.pare.kernel;

import dev.pare.graph.Mask;
import dev.pare.graph.Shape;

/** {@link Mask}. */
final class MaskKernel implements Kernel {
  private final Mask layer;
  private final Shape shape;
  private final boolean[] pattern;

  MaskKernel(Mask layer, Place place) {
    this.layer = layer;
    shape = place.input();
    pattern = layer.pattern();
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    int next = 0;
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          float value = inputs[0][next];
          boolean hidden =
              pattern[((y * shape.width() + x) * shape.channels() + c) % pattern.length];
          output[next++] = hidden ? hidden(value) : value;
        }
      }
    }
  }

  private float hidden(float value) {
    return switch (layer.effect()) {
      case REPLACED -> layer.number();
      case SHIFTED -> value + layer.number();
    };
  }
}
