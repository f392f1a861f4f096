package dev.pare.factorize;

import dev.pare.graph.Activation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Layer;
import dev.pare.graph.Window;

/** A convolution as one of columns and one of rows (Jaderberg, Vedaldi and Zisserman 2014). */
final class ConvolutionSplit {
  private final Convolution convolution;
  private final int height;
  private final int width;

  /**
   * @param convolution one that {@link #isSpatial}
   */
  ConvolutionSplit(Convolution convolution) {
    this.convolution = convolution;
    this.height = convolution.vertical().kernel();
    this.width = convolution.horizontal().kernel();
  }

  /** Whether there is anything to split: a kernel higher and wider than one place. */
  static boolean isSpatial(Layer layer) {
    return layer instanceof Convolution convolution
        && convolution.vertical().kernel() > 1
        && convolution.horizontal().kernel() > 1;
  }

  /**
   * From weights, {@code [filter][channel, y, x]}, to {@code [filter, x][channel, y]}: the product
   * of what the second convolution has and what the first one has.
   */
  Matrix matrix(Matrix weights) {
    int channels = weights.columns() / (height * width);
    Matrix matrix = new Matrix(convolution.filters() * width, channels * height);
    for (int filter = 0; filter < convolution.filters(); filter++) {
      for (int line = 0; line < channels * height; line++) {
        for (int x = 0; x < width; x++) {
          matrix.set(filter * width + x, line, weights.at(filter, line * width + x));
        }
      }
    }
    return matrix;
  }

  /** The convolution of columns; its weights are V. */
  Layer first(int filters) {
    return new Convolution(filters, convolution.vertical(), Window.POINTS, Activation.IDENTITY);
  }

  /** The convolution of rows. */
  Layer second() {
    return new Convolution(
        convolution.filters(), Window.POINTS, convolution.horizontal(), convolution.activation());
  }

  /** From U, {@code [filter, x][rank]}, to the second convolution's {@code [filter][rank, x]}. */
  Matrix weights(Matrix left) {
    int rank = left.columns();
    Matrix weights = new Matrix(convolution.filters(), rank * width);
    for (int filter = 0; filter < convolution.filters(); filter++) {
      for (int r = 0; r < rank; r++) {
        for (int x = 0; x < width; x++) {
          weights.set(filter, r * width + x, left.at(filter * width + x, r));
        }
      }
    }
    return weights;
  }
}
