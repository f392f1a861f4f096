package dev.pare.kernel;

import dev.pare.graph.Arithmetic;
import dev.pare.graph.Shape;

/** {@link Arithmetic}. */
final class ArithmeticKernel implements Kernel {
  private final Arithmetic layer;
  private final Shape output;
  private final Shape first;
  private final Shape second;

  ArithmeticKernel(Arithmetic layer, Place place) {
    this.layer = layer;
    output = place.output();
    first = place.inputs().get(0);
    second = place.inputs().get(1);
  }

  @Override
  public void run(float[][] inputs, float[] out) {
    int next = 0;
    for (int c = 0; c < output.channels(); c++) {
      for (int y = 0; y < output.height(); y++) {
        for (int x = 0; x < output.width(); x++) {
          float a = inputs[0][place(first, c, y, x)];
          float b = inputs[1][place(second, c, y, x)];
          out[next++] =
              switch (layer.operation()) {
                case ADD -> a + b;
                case SUBTRACT -> a - b;
                case MULTIPLY -> a * b;
                case DIVIDE -> a / b;
              };
        }
      }
    }
  }

  /** Where sides of one are the same everywhere. */
  private static int place(Shape shape, int c, int y, int x) {
    return ((shape.channels() == 1 ? 0 : c) * shape.height() + (shape.height() == 1 ? 0 : y))
            * shape.width()
        + (shape.width() == 1 ? 0 : x);
  }
}
