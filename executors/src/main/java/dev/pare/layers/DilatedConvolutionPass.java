package dev.pare.layers;

import dev.pare.graph.Convolution;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;
import java.util.Arrays;

/**
 * A convolution whose windows have gaps between their rows, perhaps in groups: a loop over each
 * weight's products, which are long and contiguous, and no unrolling.
 */
final class DilatedConvolutionPass extends LayerPass {
  private final Convolution layer;
  private final Window vertical;
  private final Window horizontal;
  private final LayerPass input;
  private final int weights;
  private final int biases;

  /** Input channels, and filters, of a group. */
  private final int groupInputs;

  private final int groupFilters;

  /** A weight's products with each example, which are summed up last. */
  private final float[] products;

  /**
   * @param shape of the output
   * @param weights index of the first weight among the parameters; the biases follow the weights
   */
  DilatedConvolutionPass(
      Convolution layer, LayerPass input, Shape shape, int weights, int largestBatch) {
    super(shape, largestBatch);
    this.layer = layer;
    this.vertical = layer.vertical();
    this.horizontal = layer.horizontal();
    this.input = input;
    this.weights = weights;
    this.groupInputs = input.shape().channels() / layer.groups();
    this.groupFilters = layer.filters() / layer.groups();
    this.biases = weights + layer.filters() * groupInputs * layer.area();
    this.products = new float[largestBatch];
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int line = shape().width() * batch;
    for (int y = 0; y < shape().height(); y++) {
      for (int f = 0; f < layer.filters(); f++) {
        int out = (y * layer.filters() + f) * line;
        Arrays.fill(output(), out, out + line, 0);
        for (int c = 0; c < groupInputs; c++) {
          int channel = f / groupFilters * groupInputs + c;
          for (int ky = 0; ky < vertical.kernel(); ky++) {
            int in = line(y, ky, channel, batch);
            if (in >= 0) {
              addRow(parameters, weight(f, c, ky), in, out, batch);
            }
          }
        }
        RowActivation.forward(layer.activation(), parameters[biases + f], output(), out, line);
      }
    }
  }

  /** Adds the products of one row of a kernel to a line of output. */
  private void addRow(float[] parameters, int weight, int in, int out, int batch) {
    float[] from = input.output();
    float[] to = output();
    for (int kx = 0; kx < horizontal.kernel(); kx++) {
      float w = parameters[weight + kx];
      int first = firstInside(kx);
      int end = endInside(kx);
      if (horizontal.stride() == 1) {
        int at = in + column(first, kx) * batch;
        multiplyAdd(w, from, at, to, out + first * batch, (end - first) * batch);
      } else {
        for (int x = first; x < end; x++) {
          multiplyAdd(w, from, in + column(x, kx) * batch, to, out + x * batch, batch);
        }
      }
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    boolean inputGradient = !(input instanceof InputPass);
    if (inputGradient) {
      Arrays.fill(input.outputGradient(), 0, input.shape().size() * batch, 0);
    }
    Arrays.fill(gradient, weights, biases + layer.filters(), 0);
    int line = shape().width() * batch;
    for (int y = 0; y < shape().height(); y++) {
      for (int f = 0; f < layer.filters(); f++) {
        int out = (y * layer.filters() + f) * line;
        gradient[biases + f] +=
            RowActivation.backward(layer.activation(), output(), outputGradient(), out, line);
        for (int c = 0; c < groupInputs; c++) {
          int channel = f / groupFilters * groupInputs + c;
          for (int ky = 0; ky < vertical.kernel(); ky++) {
            int in = line(y, ky, channel, batch);
            if (in >= 0) {
              int weight = weight(f, c, ky);
              weightGradient(gradient, weight, in, out, batch);
              if (inputGradient) {
                inputGradient(parameters, weight, in, out, batch);
              }
            }
          }
        }
      }
    }
  }

  private void weightGradient(float[] gradient, int weight, int in, int out, int batch) {
    float[] from = input.output();
    float[] sums = outputGradient();
    for (int kx = 0; kx < horizontal.kernel(); kx++) {
      Arrays.fill(products, 0, batch, 0);
      int end = endInside(kx);
      for (int x = firstInside(kx); x < end; x++) {
        multiplyAdd(from, in + column(x, kx) * batch, sums, out + x * batch, products, batch);
      }
      gradient[weight + kx] += Sums.of(products, 0, batch);
    }
  }

  private void inputGradient(float[] parameters, int weight, int in, int out, int batch) {
    float[] sums = outputGradient();
    float[] to = input.outputGradient();
    for (int kx = 0; kx < horizontal.kernel(); kx++) {
      float w = parameters[weight + kx];
      int first = firstInside(kx);
      int end = endInside(kx);
      if (horizontal.stride() == 1) {
        int at = in + column(first, kx) * batch;
        multiplyAdd(w, sums, out + first * batch, to, at, (end - first) * batch);
      } else {
        for (int x = first; x < end; x++) {
          multiplyAdd(w, sums, out + x * batch, to, in + column(x, kx) * batch, batch);
        }
      }
    }
  }

  private static void multiplyAdd(
      float factor, float[] from, int fromAt, float[] to, int toAt, int length) {
    for (int i = 0; i < length; i++) {
      to[toAt + i] += factor * from[fromAt + i];
    }
  }

  private static void multiplyAdd(
      float[] one, int oneAt, float[] other, int otherAt, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += one[oneAt + i] * other[otherAt + i];
    }
  }

  /** Index of the first weight of a kernel's row. */
  private int weight(int filter, int input, int ky) {
    return weights
        + ((filter * groupInputs + input) * vertical.kernel() + ky) * horizontal.kernel();
  }

  /** Where the line of a channel begins that a row of output sees, or −1 in the padding. */
  private int line(int y, int ky, int channel, int batch) {
    Shape s = input.shape();
    int row = y * vertical.stride() + ky * vertical.dilation() - vertical.before();
    return row < 0 || row >= s.height() ? -1 : (row * s.channels() + channel) * s.width() * batch;
  }

  /** The column of the input that a column of the output sees at {@code kx}. */
  private int column(int x, int kx) {
    return x * horizontal.stride() + kx * horizontal.dilation() - horizontal.before();
  }

  /** The first column of the output that sees no padding on the left at {@code kx}. */
  private int firstInside(int kx) {
    int missing = horizontal.before() - kx * horizontal.dilation();
    int first = missing <= 0 ? 0 : (missing - 1) / horizontal.stride() + 1;
    return Math.min(first, shape().width());
  }

  /** The column of the output from which on it sees padding on the right, at least the first. */
  private int endInside(int kx) {
    int last = input.shape().width() - 1 + horizontal.before() - kx * horizontal.dilation();
    int end = last < 0 ? 0 : Math.min(shape().width(), last / horizontal.stride() + 1);
    return Math.max(end, firstInside(kx));
  }
}
