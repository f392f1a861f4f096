package dev.pare.layers;

import dev.pare.graph.Dense;
import dev.pare.graph.Shape;
import dev.pare.layers.Blas.Form;
import org.jspecify.annotations.Nullable;

/** A fully connected layer. */
final class DensePass extends LayerPass {
  private final Dense layer;
  private final LayerPass input;
  private final int inputs;
  private final int weights;
  private final int biases;

  private final SparseProducts sparse;
  private final PieceRows rows;
  private final PieceRows gradients;

  /**
   * The input, channel-major as the weights' columns are, where that is another order than the one
   * it comes in.
   */
  private final float @Nullable [] flattened;

  /**
   * @param weights index of the first weight among the parameters; the biases follow the weights
   */
  DensePass(Dense layer, LayerPass input, int weights, int largestBatch) {
    super(new Shape(layer.units(), 1, 1), largestBatch);
    this.layer = layer;
    this.input = input;
    this.inputs = input.shape().size();
    this.weights = weights;
    this.biases = weights + inputs * layer.units();
    this.sparse = new SparseProducts(inputs, layer.units(), weights);
    this.rows = new PieceRows(inputs);
    this.gradients = new PieceRows(layer.units());
    boolean sameOrder = input.shape().height() == 1 || input.shape().channels() == 1;
    this.flattened = sameOrder ? null : new float[inputs * largestBatch];
  }

  @Override
  long floatsAnExample(Mode mode) {
    return super.floatsAnExample(mode)
        + (flattened == null ? 0 : inputs)
        + (mode == Mode.TRAINING ? inputs + shape().size() : 0);
  }

  @Override
  void setLive(int[] live) {
    sparse.choose(live);
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    float[] in = input.output();
    if (flattened != null) {
      flatten(in, flattened, batch, true);
      in = flattened;
    }
    int units = layer.units();
    if (mode == Mode.TRAINING && sparse.makesOutputs()) {
      rows.resize(batch);
      for (int i : sparse.liveInputs()) {
        rows.load(i, in, i * batch);
      }
      sparse.output(parameters, rows, 0, output(), 0, batch);
    } else {
      Blas.multiply(
          Form.PLAIN,
          Form.PLAIN,
          batch,
          units,
          inputs,
          in,
          0,
          batch,
          parameters,
          weights,
          inputs,
          0,
          output(),
          0,
          batch);
    }
    for (int unit = 0; unit < units; unit++) {
      RowActivation.forward(
          layer.activation(), parameters[biases + unit], output(), unit * batch, batch);
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    int units = layer.units();
    float[] sums = outputGradient();
    for (int unit = 0; unit < units; unit++) {
      gradient[biases + unit] =
          RowActivation.backward(layer.activation(), output(), sums, unit * batch, batch);
    }
    if (sparse.makesOutputs()) {
      gradients.resize(batch);
      gradients.loadAll(sums, 0);
    }
    if (sparse.makesGradients()) {
      sparse.weightGradient(rows, 0, gradients, false, gradient);
    } else {
      Blas.multiply(
          Form.TRANSPOSE,
          Form.PLAIN,
          inputs,
          units,
          batch,
          flattened == null ? input.output() : flattened,
          0,
          batch,
          sums,
          0,
          batch,
          0,
          gradient,
          weights,
          inputs);
    }
    if (input instanceof InputPass) {
      return;
    }
    // The flattened input has served; its gradient takes its place.
    float[] inGradient = flattened == null ? input.outputGradient() : flattened;
    if (sparse.makesOutputs()) {
      sparse.inputGradient(parameters, gradients, inGradient, 0, batch);
    } else {
      inputGradient(parameters, sums, inGradient, batch);
    }
    if (flattened != null) {
      flatten(input.outputGradient(), flattened, batch, false);
    }
  }

  private void inputGradient(float[] parameters, float[] sums, float[] inGradient, int batch) {
    int units = layer.units();
    Blas.multiply(
        Form.PLAIN,
        Form.TRANSPOSE,
        batch,
        inputs,
        units,
        sums,
        0,
        batch,
        parameters,
        weights,
        inputs,
        0,
        inGradient,
        0,
        batch);
  }

  /** Between {@code [height][channel][width]} and {@code [channel][height][width]}. */
  private void flatten(float[] spatial, float[] flat, int batch, boolean toFlat) {
    Shape s = input.shape();
    int row = s.width() * batch;
    for (int c = 0; c < s.channels(); c++) {
      for (int y = 0; y < s.height(); y++) {
        int at = (y * s.channels() + c) * row;
        int flatAt = (c * s.height() + y) * row;
        if (toFlat) {
          System.arraycopy(spatial, at, flat, flatAt, row);
        } else {
          System.arraycopy(flat, flatAt, spatial, at, row);
        }
      }
    }
  }
}
