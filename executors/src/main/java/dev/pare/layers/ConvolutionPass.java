package dev.pare.layers;

import dev.pare.graph.Activation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Shape;
import dev.pare.layers.Blas.Form;
import java.util.Arrays;

/**
 * A two-dimensional convolution as one matrix product a row of output and group, of the input as
 * {@link Unrolling} has it; as {@link SparseConvolution} where few weights are not zero.
 */
final class ConvolutionPass extends LayerPass {
  private static final float[] NONE = {};

  private final Convolution layer;
  private final LayerPass input;
  private final Unrolling unrolling;
  private final int weights;
  private final int biases;
  private final Ending ending;
  private final int groupFilters;

  /** Weights of one filter. */
  private final int taps;

  private final SparseConvolution sparse;
  private final int largestRow;
  private float[] unrolled = NONE;
  private float[] unrolledGradient = NONE;
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
    this.input = input;
    this.unrolling = new Unrolling(layer, input.shape(), shape);
    this.weights = weights;
    this.ending = ending;
    this.groupFilters = unrolling.groupFilters();
    this.taps = unrolling.taps();
    this.biases = weights + taps * layer.filters();
    this.sparse = new SparseConvolution(unrolling, weights);
    this.largestRow = Math.multiplyExact(shape.width(), largestBatch);
    this.filters = new float[taps * layer.filters()];
    this.filtersGradient = new float[filters.length];
  }

  @Override
  long floatsAnExample(Mode mode) {
    long values = (long) unrolling.rows() * shape().width();
    boolean inputGradient = mode == Mode.TRAINING && !(input instanceof InputPass);
    return super.floatsAnExample(mode) + (inputGradient ? 2 : 1) * values;
  }

  @Override
  void setLive(int[] live) {
    if (sparse.choose(live)) {
      // What is large is there once.
      unrolled = NONE;
      unrolledGradient = NONE;
    }
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int row = shape().width() * batch;
    if (mode == Mode.TRAINING && sparse.isChosen()) {
      sparse.forward(parameters, input.output(), batch, output());
    } else {
      product(parameters, batch);
    }
    if (ending == Ending.HERE) {
      for (int i = 0; i < shape().height() * layer.filters(); i++) {
        float bias = parameters[biases + i % layer.filters()];
        RowActivation.forward(layer.activation(), bias, output(), i * row, row);
      }
    }
  }

  private void product(float[] parameters, int batch) {
    if (unrolled.length == 0) {
      unrolled = new float[Math.multiplyExact(unrolling.rows(), largestRow)];
    }
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
            unrolling.firstRow(y, group) * row,
            row,
            filters,
            group * groupFilters * taps,
            taps,
            0,
            output(),
            out + group * groupFilters * row,
            row);
      }
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    int row = shape().width() * batch;
    float[] sums = outputGradient();
    if (ending == Ending.HERE) {
      Arrays.fill(gradient, biases, biases + layer.filters(), 0);
      for (int i = 0; i < shape().height() * layer.filters(); i++) {
        gradient[biases + i % layer.filters()] +=
            RowActivation.backward(layer.activation(), output(), sums, i * row, row);
      }
    }
    boolean inputGradient = !(input instanceof InputPass);
    if (sparse.isChosen()) {
      sparse.weightGradient(sums, row, gradient);
      if (inputGradient) {
        sparse.inputGradient(parameters, sums, batch, input.outputGradient());
      }
      return;
    }
    if (inputGradient) {
      if (unrolledGradient.length == 0) {
        unrolledGradient = new float[unrolled.length];
      }
      Arrays.fill(unrolledGradient, 0, unrolling.rows() * row, 0);
    }
    for (int y = 0; y < shape().height(); y++) {
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
        unrolling.firstRow(y, group) * row,
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
          unrolling.firstRow(y, group) * row,
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

  private void unroll(float[] in, int batch) {
    int row = shape().width() * batch;
    int line = unrolling.lineRows() * row;
    for (int group = 0; group < layer.groups(); group++) {
      int from = group * unrolling.groupRows() * row;
      int to = from + unrolling.groupRows() * row;
      Arrays.fill(unrolled, from, from + layer.vertical().before() * line, 0);
      Arrays.fill(unrolled, to - layer.vertical().after() * line, to, 0);
    }
    unrolling.paddings(
        batch, (r, begin, end) -> Arrays.fill(unrolled, r * row + begin, r * row + end, 0));
    unrolling.runs(
        batch,
        (r, begin, end, at) -> System.arraycopy(in, at, unrolled, r * row + begin, end - begin));
  }

  private void foldBack(float[] inGradient, int batch) {
    int row = shape().width() * batch;
    Arrays.fill(inGradient, 0, input.shape().size() * batch, 0);
    unrolling.runs(
        batch,
        (r, begin, end, at) -> add(unrolledGradient, r * row + begin, inGradient, at, end - begin));
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
    int channels = unrolling.groupInputs();
    int height = layer.vertical().kernel();
    int width = layer.horizontal().kernel();
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
    int height = layer.vertical().kernel();
    int width = layer.horizontal().kernel();
    int from = 0;
    for (int group = 0; group < layer.groups(); group++) {
      int first = weights + group * groupFilters * taps;
      for (int y = 0; y < height; y++) {
        for (int c = 0; c < unrolling.groupInputs(); c++) {
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
