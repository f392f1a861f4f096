package dev.pare.layers;

import dev.pare.graph.Gru;
import dev.pare.graph.Lstm;
import dev.pare.graph.Shape;
import java.util.Arrays;

/**
 * Gated recurrent units, with backpropagation through all steps.
 *
 * <p>A step is a row of the input, a matrix of features and examples. The products with the inputs
 * of all steps come first, those with the units' last outputs step by step.
 */
final class GruPass extends LayerPass {
  private final boolean all;
  private final LayerPass input;
  private final int steps;
  private final int units;
  private final Projection ofInput;
  private final Projection ofUnits;

  /** For each step: update gates, reset gates and candidates; before that, their sums. */
  private final float[] gates;

  /** For each step, the products with the units' last outputs; of candidates with their biases. */
  private final float[] products;

  private float[] gateGradient = {};
  private float[] productGradient = {};

  /** The units' output of every step. */
  private final float[] hidden;

  private final float[] hiddenGradient;

  /**
   * @param shape of the output
   * @param weights index of the first weight among the parameters: those of inputs, those of units,
   *     the biases, then those of the candidates' products
   */
  GruPass(Gru layer, LayerPass input, Shape shape, int weights, int largestBatch) {
    super(shape, largestBatch);
    this.all = layer.output() == Lstm.Steps.ALL;
    this.input = input;
    this.steps = input.shape().height();
    this.units = layer.units();
    int features = input.shape().channels() * input.shape().width();
    this.ofInput = new Projection(features, 3 * units, weights);
    this.ofUnits = new Projection(units, 3 * units, ofInput.end());
    int block = Math.multiplyExact(units, largestBatch);
    this.gates = new float[Math.multiplyExact(3 * steps, block)];
    this.products = new float[gates.length];
    this.hidden = all ? output() : new float[Math.multiplyExact(steps, block)];
    this.hiddenGradient = new float[block];
  }

  @Override
  long floatsAnExample(Mode mode) {
    long ofSteps = (mode == Mode.TRAINING ? 12L : 6L) + (all ? 0 : 1);
    return super.floatsAnExample(mode) + (ofSteps * steps + 1) * units;
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int block = units * batch;
    int biases = ofUnits.end();
    for (int i = 0; i < steps * 3 * units; i++) {
      int unit = i % (3 * units);
      Arrays.fill(gates, i * batch, (i + 1) * batch, parameters[biases + unit]);
      // Behind the biases come those of the candidates' products.
      float own = unit < 2 * units ? 0 : parameters[biases + units + unit];
      Arrays.fill(products, i * batch, (i + 1) * batch, own);
    }
    ofInput.forward(parameters, input.output(), 0, 1, gates, 0, steps, batch);
    for (int step = 0; step < steps; step++) {
      int at = step * block;
      int update = 3 * at;
      if (step > 0) {
        ofUnits.forward(parameters, hidden, at - block, 1, products, update, 1, batch);
      }
      for (int i = update; i < update + 2 * block; i++) {
        gates[i] = HyperbolicTangent.logistic(gates[i] + products[i]);
      }
      int candidate = update + 2 * block;
      for (int i = 0; i < block; i++) {
        float reset = gates[update + block + i];
        gates[candidate + i] =
            HyperbolicTangent.tanh(gates[candidate + i] + reset * products[candidate + i]);
      }
      for (int i = 0; i < block; i++) {
        float former = step == 0 ? 0 : hidden[at - block + i];
        float c = gates[candidate + i];
        hidden[at + i] = c + gates[update + i] * (former - c);
      }
    }
    if (!all) {
      System.arraycopy(hidden, (steps - 1) * block, output(), 0, block);
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    if (gateGradient.length == 0) {
      gateGradient = new float[gates.length];
      productGradient = new float[gates.length];
    }
    int block = units * batch;
    Arrays.fill(hiddenGradient, 0, block, 0);
    for (int step = steps - 1; step >= 0; step--) {
      int at = step * block;
      if (all || step == steps - 1) {
        int from = all ? at : 0;
        for (int i = 0; i < block; i++) {
          hiddenGradient[i] += outputGradient()[from + i];
        }
      }
      gateGradients(step, block);
      if (step > 0) {
        ofUnits.inputGradient(parameters, productGradient, 3 * at, 1, hiddenGradient, 0, 1, batch);
      }
    }
    ofInput.weightGradient(input.output(), 0, gateGradient, 0, steps, batch, gradient);
    ofUnits.weightGradient(hidden, 0, productGradient, 3 * block, steps - 1, batch, gradient);
    int biases = ofUnits.end();
    Arrays.fill(gradient, biases, biases + 4 * units, 0);
    for (int i = 0; i < steps * 3 * units; i++) {
      int unit = i % (3 * units);
      gradient[biases + unit] += Sums.of(gateGradient, i * batch, batch);
      if (unit >= 2 * units) {
        gradient[biases + units + unit] += Sums.of(productGradient, i * batch, batch);
      }
    }
    if (!(input instanceof InputPass)) {
      ofInput.inputGradient(
          parameters, gateGradient, 0, 0, input.outputGradient(), 0, steps, batch);
    }
  }

  /** Of a step's sums and products; what the update gate passes on is left of the outputs'. */
  private void gateGradients(int step, int block) {
    int update = 3 * step * block;
    int reset = update + block;
    int candidate = reset + block;
    int former = (step - 1) * block;
    for (int i = 0; i < block; i++) {
      float z = gates[update + i];
      float r = gates[reset + i];
      float c = gates[candidate + i];
      float before = step == 0 ? 0 : hidden[former + i];
      float g = hiddenGradient[i];
      float ofCandidate = g * (1 - z) * (1 - c * c);
      float ofUpdate = g * (before - c) * z * (1 - z);
      float ofReset = ofCandidate * products[candidate + i] * r * (1 - r);
      gateGradient[update + i] = ofUpdate;
      gateGradient[reset + i] = ofReset;
      gateGradient[candidate + i] = ofCandidate;
      productGradient[update + i] = ofUpdate;
      productGradient[reset + i] = ofReset;
      productGradient[candidate + i] = ofCandidate * r;
      hiddenGradient[i] = g * z;
    }
  }
}
