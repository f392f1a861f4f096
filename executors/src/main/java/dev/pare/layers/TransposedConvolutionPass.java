package dev.pare.layers;

import dev.pare.graph.Shape;
import dev.pare.graph.TransposedConvolution;
import dev.pare.graph.Window;
import dev.pare.layers.Blas.Form;
import java.util.Arrays;

/**
 * A transposed convolution as a matrix product for each row of the input and each group: what the
 * row adds to the output, {@code [filter][kernel y][kernel x][input x][example]}, which is then
 * added where it belongs.
 */
final class TransposedConvolutionPass extends LayerPass {
  private final TransposedConvolution layer;
  private final Window vertical;
  private final Window horizontal;
  private final LayerPass input;
  private final int weights;
  private final int biases;

  /** Input channels, and filters, of a group. */
  private final int groupInputs;

  private final int groupFilters;

  /** Rows of a group's product. */
  private final int taps;

  private final float[] products;

  /** Of each group {@code [channel][filter][kernel y][kernel x]}. */
  private final float[] kernels;

  private final float[] kernelsGradient;

  /**
   * @param shape of the output
   * @param weights index of the first weight among the parameters; the biases follow the weights
   */
  TransposedConvolutionPass(
      TransposedConvolution layer, LayerPass input, Shape shape, int weights, int largestBatch) {
    super(shape, largestBatch);
    this.layer = layer;
    this.vertical = layer.vertical();
    this.horizontal = layer.horizontal();
    this.input = input;
    this.weights = weights;
    this.groupInputs = input.shape().channels() / layer.groups();
    this.groupFilters = layer.filters() / layer.groups();
    this.taps = groupFilters * layer.area();
    this.kernels = new float[layer.groups() * groupInputs * taps];
    this.kernelsGradient = new float[kernels.length];
    this.biases = weights + kernels.length;
    this.products =
        new float
            [Math.multiplyExact(taps, Math.multiplyExact(input.shape().width(), largestBatch))];
  }

  @Override
  long floatsAnExample(Mode mode) {
    return super.floatsAnExample(mode) + (long) taps * input.shape().width();
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    Shape s = input.shape();
    int row = s.width() * batch;
    reorder(parameters);
    Arrays.fill(output(), 0, shape().size() * batch, 0);
    for (int y = 0; y < s.height(); y++) {
      for (int g = 0; g < layer.groups(); g++) {
        Blas.multiply(
            Form.PLAIN,
            Form.TRANSPOSE,
            row,
            taps,
            groupInputs,
            input.output(),
            lines(y, g, row),
            row,
            kernels,
            g * groupInputs * taps,
            taps,
            0,
            products,
            0,
            row);
        move(y, g, batch, Direction.TO_OUTPUT);
      }
    }
    int line = shape().width() * batch;
    for (int i = 0; i < shape().height() * layer.filters(); i++) {
      float bias = parameters[biases + i % layer.filters()];
      RowActivation.forward(layer.activation(), bias, output(), i * line, line);
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    Shape s = input.shape();
    int row = s.width() * batch;
    int line = shape().width() * batch;
    Arrays.fill(gradient, biases, biases + layer.filters(), 0);
    for (int i = 0; i < shape().height() * layer.filters(); i++) {
      gradient[biases + i % layer.filters()] +=
          RowActivation.backward(layer.activation(), output(), outputGradient(), i * line, line);
    }
    for (int y = 0; y < s.height(); y++) {
      for (int g = 0; g < layer.groups(); g++) {
        move(y, g, batch, Direction.FROM_GRADIENT);
        Blas.multiply(
            Form.TRANSPOSE,
            Form.PLAIN,
            taps,
            groupInputs,
            row,
            products,
            0,
            row,
            input.output(),
            lines(y, g, row),
            row,
            y == 0 ? 0 : 1,
            kernelsGradient,
            g * groupInputs * taps,
            taps);
        if (!(input instanceof InputPass)) {
          Blas.multiply(
              Form.PLAIN,
              Form.PLAIN,
              row,
              groupInputs,
              taps,
              products,
              0,
              row,
              kernels,
              g * groupInputs * taps,
              taps,
              0,
              input.outputGradient(),
              lines(y, g, row),
              row);
        }
      }
    }
    putBack(gradient);
  }

  /** Where the lines of a group's channels begin in a row of the input. */
  private int lines(int y, int group, int row) {
    return (y * input.shape().channels() + group * groupInputs) * row;
  }

  private enum Direction {
    /** Adds the products to the output. */
    TO_OUTPUT,
    /** Takes the products' gradients from the output's; zero where they were cut off. */
    FROM_GRADIENT
  }

  private void move(int y, int group, int batch, Direction direction) {
    int row = input.shape().width() * batch;
    int from = 0;
    for (int f = group * groupFilters; f < (group + 1) * groupFilters; f++) {
      for (int ky = 0; ky < vertical.kernel(); ky++) {
        int to = y * vertical.stride() + ky * vertical.dilation() - vertical.before();
        boolean inside = to >= 0 && to < shape().height();
        int line = (to * layer.filters() + f) * shape().width() * batch;
        for (int kx = 0; kx < horizontal.kernel(); kx++) {
          if (direction == Direction.FROM_GRADIENT) {
            Arrays.fill(products, from, from + row, 0);
          }
          if (inside) {
            moveLine(from, line, kx, batch, direction);
          }
          from += row;
        }
      }
    }
  }

  private void moveLine(int from, int line, int kx, int batch, Direction direction) {
    int first = kx * horizontal.dilation() - horizontal.before();
    for (int x = 0; x < input.shape().width(); x++) {
      int to = first + x * horizontal.stride();
      if (to < 0 || to >= shape().width()) {
        continue;
      }
      if (direction == Direction.TO_OUTPUT) {
        add(products, from + x * batch, output(), line + to * batch, batch);
      } else {
        System.arraycopy(outputGradient(), line + to * batch, products, from + x * batch, batch);
      }
    }
  }

  private static void add(float[] from, int fromAt, float[] to, int toAt, int length) {
    for (int i = 0; i < length; i++) {
      to[toAt + i] += from[fromAt + i];
    }
  }

  /** From the parameters' order, {@code [filter][channel of its group][y][x]}. */
  private void reorder(float[] parameters) {
    int area = layer.area();
    for (int f = 0; f < layer.filters(); f++) {
      for (int c = 0; c < groupInputs; c++) {
        System.arraycopy(
            parameters, weights + (f * groupInputs + c) * area, kernels, kernel(f, c), area);
      }
    }
  }

  private void putBack(float[] gradient) {
    int area = layer.area();
    for (int f = 0; f < layer.filters(); f++) {
      for (int c = 0; c < groupInputs; c++) {
        System.arraycopy(
            kernelsGradient, kernel(f, c), gradient, weights + (f * groupInputs + c) * area, area);
      }
    }
  }

  /** Where a filter's weights for a channel of its group are. */
  private int kernel(int filter, int channel) {
    int group = filter / groupFilters;
    return (group * groupInputs + channel) * taps + filter % groupFilters * layer.area();
  }
}
