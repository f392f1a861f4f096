package dev.pare.layers;

import dev.pare.graph.Convolution;
import dev.pare.graph.Shape;
import java.util.Arrays;

/** A convolution of single places, which needs no unrolling: a dense layer over channels. */
final class PointwisePass extends LayerPass {
  private final Convolution layer;
  private final LayerPass input;
  private final Projection projection;
  private final SparseProducts sparse;

  /** A line of the input, and of the output's gradient. */
  private final PieceRows rows;

  private final PieceRows gradients;

  /**
   * @param layer with a kernel and a stride of one
   * @param shape of the output
   * @param weights index of the first weight among the parameters; the biases follow the weights
   */
  PointwisePass(Convolution layer, LayerPass input, Shape shape, int weights, int largestBatch) {
    super(shape, largestBatch);
    this.layer = layer;
    this.input = input;
    int channels = input.shape().channels();
    this.projection = new Projection(channels, layer.filters(), weights);
    this.sparse = new SparseProducts(channels, layer.filters(), weights);
    this.rows = new PieceRows(channels);
    this.gradients = new PieceRows(layer.filters());
  }

  @Override
  void setLive(int[] live) {
    sparse.choose(live);
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int lines = shape().height();
    int row = shape().width() * batch;
    if (mode == Mode.TRAINING && sparse.makesGradients()) {
      rows.resize(row);
      for (int line = 0; line < lines; line++) {
        rows.loadAll(input.output(), line * projection.inputs() * row);
        sparse.output(parameters, rows, 0, output(), line * layer.filters() * row, row);
      }
    } else {
      projection.forward(parameters, input.output(), 0, 0, output(), 0, lines, row);
    }
    for (int i = 0; i < lines * layer.filters(); i++) {
      float bias = parameters[projection.end() + i % layer.filters()];
      RowActivation.forward(layer.activation(), bias, output(), i * row, row);
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    int lines = shape().height();
    int row = shape().width() * batch;
    float[] sums = outputGradient();
    int biases = projection.end();
    Arrays.fill(gradient, biases, biases + layer.filters(), 0);
    for (int i = 0; i < lines * layer.filters(); i++) {
      gradient[biases + i % layer.filters()] +=
          RowActivation.backward(layer.activation(), output(), sums, i * row, row);
    }
    if (sparse.makesGradients()) {
      sparseBackward(parameters, gradient, lines, row);
      return;
    }
    projection.weightGradient(input.output(), 0, sums, 0, lines, row, gradient);
    if (!(input instanceof InputPass)) {
      projection.inputGradient(parameters, sums, 0, 0, input.outputGradient(), 0, lines, row);
    }
  }

  private void sparseBackward(float[] parameters, float[] gradient, int lines, int row) {
    gradients.resize(row);
    for (int line = 0; line < lines; line++) {
      int inAt = line * projection.inputs() * row;
      rows.loadAll(input.output(), inAt);
      gradients.loadAll(outputGradient(), line * layer.filters() * row);
      sparse.weightGradient(rows, 0, gradients, line > 0, gradient);
      if (!(input instanceof InputPass)) {
        sparse.inputGradient(parameters, gradients, input.outputGradient(), inAt, row);
      }
    }
  }
}
