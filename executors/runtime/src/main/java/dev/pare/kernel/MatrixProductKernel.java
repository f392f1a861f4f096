package dev.pare.kernel;

import dev.pare.graph.MatrixProduct;
import dev.pare.graph.Shape;

/** {@link MatrixProduct}. */
final class MatrixProductKernel implements Kernel {
  private final boolean isTransposed;
  private final Shape first;
  private final Shape second;
  private final Shape output;

  MatrixProductKernel(MatrixProduct layer, Place place) {
    isTransposed = layer.second() == MatrixProduct.Form.TRANSPOSED;
    first = place.inputs().get(0);
    second = place.inputs().get(1);
    output = place.output();
  }

  @Override
  public void run(float[][] inputs, float[] out) {
    int next = 0;
    for (int column = 0; column < output.channels(); column++) {
      for (int y = 0; y < output.height(); y++) {
        for (int row = 0; row < output.width(); row++) {
          float sum = 0;
          for (int k = 0; k < first.channels(); k++) {
            float factor =
                isTransposed
                    ? inputs[1][place(second, k, y, column)]
                    : inputs[1][place(second, column, y, k)];
            sum += inputs[0][place(first, k, y, row)] * factor;
          }
          out[next++] = sum;
        }
      }
    }
  }

  /** A single matrix is multiplied by all of the other's. */
  private static int place(Shape shape, int channel, int y, int x) {
    return (channel * shape.height() + (shape.height() == 1 ? 0 : y)) * shape.width() + x;
  }
}
