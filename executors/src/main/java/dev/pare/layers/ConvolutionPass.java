package dev.pare.layers;

import dev.pare.graph.Activation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;
import dev.pare.layers.Blas.Form;
import java.util.Arrays;

/**
 * A two-dimensional convolution as one matrix product a row of output and group.
 *
 * <p>The input, with its padding, is unrolled along {@code x} alone, to {@code [group][y][channel
 * of the group][kernel x][output x][example]}. Of that, all that a row of output reads is one
 * contiguous block, a matrix with a row for each weight of a filter in the order {@code [kernel
 * y][channel][kernel x]}; blocks of neighbouring rows overlap. So an unrolled input takes a
 * kernel's height less memory than by im2col, and the matrices are as large.
 */
final class ConvolutionPass extends LayerPass {
  private final Convolution layer;
  private final Window vertical;
  private final Window horizontal;
  private final LayerPass input;
  private final int weights;
  private final int biases;
  private final Ending ending;

  /** Input channels, and filters, of a group. */
  private final int groupInputs;

  private final int groupFilters;

  /** Weights of one filter. */
  private final int taps;

  private final float[] unrolled;
  private float[] unrolledGradient = {};
  private final float[] filters;
  private final float[] filtersGradient;

  /** Who adds the bias and applies the activation. */
  enum Ending {
    HERE,
    IN_POOLING
  }

  /**
   * @param shape of the output
   * @param weights index of the first weight among the parameters; the biases follow the weights
   */
  ConvolutionPass(
      Convolution layer,
      LayerPass input,
      Shape shape,
      int weights,
      Ending ending,
      int largestBatch) {
    super(shape, largestBatch);
    this.layer = layer;
    this.vertical = layer.vertical();
    this.horizontal = layer.horizontal();
    this.input = input;
    this.weights = weights;
    this.ending = ending;
    this.groupInputs = input.shape().channels() / layer.groups();
    this.groupFilters = layer.filters() / layer.groups();
    this.taps = groupInputs * layer.area();
    this.biases = weights + taps * layer.filters();
    int values =
        Math.multiplyExact(
            paddedHeight() * input.shape().channels() * horizontal.kernel(),
            Math.multiplyExact(shape.width(), largestBatch));
    this.unrolled = new float[values];
    this.filters = new float[taps * layer.filters()];
    this.filtersGradient = new float[filters.length];
  }

  @Override
  long floatsAnExample(Mode mode) {
    long values =
        (long) paddedHeight() * input.shape().channels() * horizontal.kernel() * shape().width();
    boolean inputGradient = mode == Mode.TRAINING && !(input instanceof InputPass);
    return super.floatsAnExample(mode) + (inputGradient ? 2 : 1) * values;
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    unroll(input.output(), batch);
    reorder(parameters);
    int row = shape().width() * batch;
    for (int y = 0; y < shape().height(); y++) {
      int out = y * layer.filters() * row;
      for (int group = 0; group < layer.groups(); group++) {
        Blas.multiply(
            Form.PLAIN,
            Form.PLAIN,
            row,
            groupFilters,
            taps,
            unrolled,
            block(y, group, row),
            row,
            filters,
            group * groupFilters * taps,
            taps,
            0,
            output(),
            out + group * groupFilters * row,
            row);
      }
      if (ending == Ending.HERE) {
        for (int f = 0; f < layer.filters(); f++) {
          RowActivation.forward(
              layer.activation(), parameters[biases + f], output(), out + f * row, row);
        }
      }
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    int row = shape().width() * batch;
    float[] sums = outputGradient();
    if (ending == Ending.HERE) {
      Arrays.fill(gradient, biases, biases + layer.filters(), 0);
    }
    boolean inputGradient = !(input instanceof InputPass);
    if (inputGradient) {
      if (unrolledGradient.length == 0) {
        unrolledGradient = new float[unrolled.length];
      }
      Arrays.fill(unrolledGradient, 0, layer.groups() * lineBlock(row) * paddedHeight(), 0);
    }
    for (int y = 0; y < shape().height(); y++) {
      int out = y * layer.filters() * row;
      if (ending == Ending.HERE) {
        for (int f = 0; f < layer.filters(); f++) {
          gradient[biases + f] +=
              RowActivation.backward(layer.activation(), output(), sums, out + f * row, row);
        }
      }
      for (int group = 0; group < layer.groups(); group++) {
        backward(y, group, row, inputGradient);
      }
    }
    putBack(gradient);
    if (inputGradient) {
      foldBack(input.outputGradient(), batch);
    }
  }

  private void backward(int y, int group, int row, boolean inputGradient) {
    int out = (y * layer.filters() + group * groupFilters) * row;
    // Filters innermost: the long side of the product is then the one OpenBLAS streams.
    Blas.multiply(
        Form.TRANSPOSE,
        Form.PLAIN,
        groupFilters,
        taps,
        row,
        outputGradient(),
        out,
        row,
        unrolled,
        block(y, group, row),
        row,
        y == 0 ? 0 : 1,
        filtersGradient,
        group * groupFilters * taps,
        groupFilters);
    if (inputGradient) {
      Blas.multiply(
          Form.PLAIN,
          Form.TRANSPOSE,
          row,
          taps,
          groupFilters,
          outputGradient(),
          out,
          row,
          filters,
          group * groupFilters * taps,
          taps,
          1,
          unrolledGradient,
          block(y, group, row),
          row);
    }
  }

  /** Who adds the bias and applies the activation. */
  Ending ending() {
    return ending;
  }

  Activation activation() {
    return layer.activation();
  }

  /** Index of the first bias among the parameters. */
  int biases() {
    return biases;
  }

  /** Where a group's block of an output row begins. */
  private int block(int outputRow, int group, int row) {
    return (group * paddedHeight() + outputRow * vertical.stride()) * lineBlock(row);
  }

  /** Size of an unrolled line of a group's channels. */
  private int lineBlock(int row) {
    return groupInputs * horizontal.kernel() * row;
  }

  /** Where a line of the input, a channel's row, is unrolled to. */
  private int unrolled(int line, int row) {
    int y = line / input.shape().channels() + vertical.before();
    int channel = line % input.shape().channels();
    int of = channel / groupInputs * paddedHeight() + y;
    return (of * groupInputs + channel % groupInputs) * horizontal.kernel() * row;
  }

  private int paddedHeight() {
    return input.shape().height() + vertical.before() + vertical.after();
  }

  private void unroll(float[] in, int batch) {
    Shape s = input.shape();
    int row = shape().width() * batch;
    for (int group = 0; group < layer.groups(); group++) {
      int from = group * paddedHeight() * lineBlock(row);
      int to = from + paddedHeight() * lineBlock(row);
      Arrays.fill(unrolled, from, from + vertical.before() * lineBlock(row), 0);
      Arrays.fill(unrolled, to - vertical.after() * lineBlock(row), to, 0);
    }
    for (int line = 0; line < s.height() * s.channels(); line++) {
      int to = unrolled(line, row);
      for (int kx = 0; kx < horizontal.kernel(); kx++) {
        int first = firstInside(kx);
        int end = Math.max(first, endInside(kx));
        int from = (line * s.width() + column(first, kx)) * batch;
        Arrays.fill(unrolled, to, to + first * batch, 0);
        Arrays.fill(unrolled, to + end * batch, to + row, 0);
        if (end == first) {
          // On maps narrower than the padding some columns have nothing inside.
        } else if (horizontal.stride() == 1) {
          System.arraycopy(in, from, unrolled, to + first * batch, (end - first) * batch);
        } else {
          for (int x = first; x < end; x++) {
            int at = from + (x - first) * horizontal.stride() * batch;
            System.arraycopy(in, at, unrolled, to + x * batch, batch);
          }
        }
        to += row;
      }
    }
  }

  private void foldBack(float[] inGradient, int batch) {
    Shape s = input.shape();
    int row = shape().width() * batch;
    Arrays.fill(inGradient, 0, s.size() * batch, 0);
    for (int line = 0; line < s.height() * s.channels(); line++) {
      int from = unrolled(line, row);
      for (int kx = 0; kx < horizontal.kernel(); kx++) {
        int first = firstInside(kx);
        int end = Math.max(first, endInside(kx));
        int to = (line * s.width() + column(first, kx)) * batch;
        if (horizontal.stride() == 1) {
          add(unrolledGradient, from + first * batch, inGradient, to, (end - first) * batch);
        } else {
          for (int x = first; x < end; x++) {
            int at = to + (x - first) * horizontal.stride() * batch;
            add(unrolledGradient, from + x * batch, inGradient, at, batch);
          }
        }
        from += row;
      }
    }
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

  /** The column of the output from which on it sees padding on the right at {@code kx}. */
  private int endInside(int kx) {
    int last = input.shape().width() - 1 + horizontal.before() - kx * horizontal.dilation();
    return last < 0 ? 0 : Math.min(shape().width(), last / horizontal.stride() + 1);
  }

  private static void add(float[] from, int fromAt, float[] to, int toAt, int length) {
    for (int i = 0; i < length; i++) {
      to[toAt + i] += from[fromAt + i];
    }
  }

  /**
   * From a filter's order among the parameters, {@code [channel][y][x]}, to {@code
   * [y][channel][x]}.
   */
  private void reorder(float[] parameters) {
    int channels = groupInputs;
    int height = vertical.kernel();
    int width = horizontal.kernel();
    for (int f = 0; f < layer.filters(); f++) {
      for (int c = 0; c < channels; c++) {
        for (int y = 0; y < height; y++) {
          int from = weights + f * taps + (c * height + y) * width;
          int to = f * taps + (y * channels + c) * width;
          System.arraycopy(parameters, from, filters, to, width);
        }
      }
    }
  }

  /** The gradient, of each group {@code [y][channel][x][filter]}, into the parameters' order. */
  private void putBack(float[] gradient) {
    int height = vertical.kernel();
    int width = horizontal.kernel();
    int from = 0;
    for (int group = 0; group < layer.groups(); group++) {
      int first = weights + group * groupFilters * taps;
      for (int y = 0; y < height; y++) {
        for (int c = 0; c < groupInputs; c++) {
          for (int x = 0; x < width; x++) {
            int to = first + (c * height + y) * width + x;
            for (int f = 0; f < groupFilters; f++) {
              gradient[to + f * taps] = filtersGradient[from++];
            }
          }
        }
      }
    }
  }
}
