package dev.pare.layers;

import dev.pare.graph.Dense;
import dev.pare.graph.Shape;
import dev.pare.layers.Blas.Form;

/**
 * A fully connected first layer: it reads examples as they come, and nobody asks for its input's
 * gradient.
 */
final class FirstDensePass extends LayerPass {
  private final Dense layer;
  private final int inputs;
  private final float scale;
  private final SparseProducts sparse;
  private final PieceRows rows;
  private final PieceRows gradients;
  private Batch examples;

  /**
   * The weights are the first parameters, the biases follow them.
   *
   * @param scale what raw inputs are multiplied by, which is a part of the products
   */
  FirstDensePass(Dense layer, int inputs, float scale, int largestBatch) {
    super(new Shape(layer.units(), 1, 1), largestBatch);
    this.layer = layer;
    this.inputs = inputs;
    this.scale = scale;
    this.sparse = new SparseProducts(inputs, layer.units(), 0);
    this.rows = new PieceRows(inputs);
    this.gradients = new PieceRows(layer.units());
    this.examples = new Batch(inputs, 0);
  }

  @Override
  void setLive(int[] live) {
    sparse.choose(live);
  }

  @Override
  long floatsAnExample(Mode mode) {
    return super.floatsAnExample(mode) + (mode == Mode.TRAINING ? inputs + shape().size() : 0);
  }

  /** Takes examples; kept until the backward pass, not copied. */
  void load(Batch examples) {
    this.examples = examples;
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int units = layer.units();
    if (mode == Mode.TRAINING && sparse.makesOutputs()) {
      rows.resize(batch);
      if (examples.areBytes()) {
        rows.loadColumns(sparse.liveInputs(), examples.bytes(), inputs, scale);
      } else {
        rows.loadColumns(sparse.liveInputs(), examples.floats(), inputs, scale);
      }
      sparse.output(parameters, rows, 0, output(), 0, batch);
    } else {
      product(parameters, batch);
    }
    for (int unit = 0; unit < units; unit++) {
      RowActivation.forward(
          layer.activation(), parameters[inputs * units + unit], output(), unit * batch, batch);
    }
  }

  private void product(float[] parameters, int batch) {
    int units = layer.units();
    Blas.multiplyScaled(
        scale,
        Form.TRANSPOSE,
        Form.PLAIN,
        batch,
        units,
        inputs,
        examples.floats(),
        0,
        inputs,
        parameters,
        0,
        inputs,
        0,
        output(),
        0,
        batch);
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    int units = layer.units();
    float[] sums = outputGradient();
    for (int unit = 0; unit < units; unit++) {
      gradient[inputs * units + unit] =
          RowActivation.backward(layer.activation(), output(), sums, unit * batch, batch);
    }
    if (sparse.makesGradients()) {
      gradients.resize(batch);
      gradients.loadAll(sums, 0);
      sparse.weightGradient(rows, 0, gradients, false, gradient);
      return;
    }
    Blas.multiplyScaled(
        scale,
        Form.PLAIN,
        Form.PLAIN,
        inputs,
        units,
        batch,
        examples.floats(),
        0,
        inputs,
        sums,
        0,
        batch,
        0,
        gradient,
        0,
        inputs);
  }
}
