package dev.pare.layers;

import dev.pare.graph.Lstm;
import dev.pare.graph.Shape;
import java.util.Arrays;

/**
 * Long short-term memory, with backpropagation through all steps.
 *
 * <p>A step is a row of the input, a matrix of features and examples. The products with the inputs
 * of all steps come first, those with the units' last outputs step by step. Loops over gates are as
 * long as all units of all examples.
 */
final class LstmPass extends LayerPass {
  private final Lstm layer;
  private final LayerPass input;
  private final int steps;
  private final int units;
  private final Projection ofInput;
  private final Projection ofUnits;

  /** For each step: cell inputs, forget, output and input gates. */
  private final float[] gates;

  private float[] gateGradient = {};

  /** What units remember now, and after each step. */
  private final float[] cell;

  private final float[] cells;
  private final float[] cellTanh;

  /** The units' output of every step. */
  private final float[] hidden;

  /** Cells before the first step. */
  private final float[] zeros;

  private final float[] hiddenGradient;
  private final float[] cellGradient;

  /**
   * @param shape of the output
   * @param weights index of the first weight among the parameters: those of inputs, those of units,
   *     then the biases
   */
  LstmPass(Lstm layer, LayerPass input, Shape shape, int weights, int largestBatch) {
    super(shape, largestBatch);
    this.layer = layer;
    this.input = input;
    this.steps = input.shape().height();
    this.units = layer.units();
    int features = input.shape().channels() * input.shape().width();
    this.ofInput = new Projection(features, 4 * units, weights);
    this.ofUnits = new Projection(units, 4 * units, ofInput.end());
    int block = Math.multiplyExact(units, largestBatch);
    int all = Math.multiplyExact(steps, block);
    this.gates = new float[Math.multiplyExact(4, all)];
    this.cell = new float[block];
    this.cells = new float[all];
    this.cellTanh = new float[all];
    this.hidden = layer.output() == Lstm.Steps.ALL ? output() : new float[all];
    this.zeros = new float[block];
    this.hiddenGradient = new float[block];
    this.cellGradient = new float[block];
  }

  @Override
  long floatsAnExample(Mode mode) {
    long ofSteps = (mode == Mode.TRAINING ? 4L : 0L) + (hidden == output() ? 6 : 7);
    return super.floatsAnExample(mode) + (ofSteps * steps + 4) * units;
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int block = units * batch;
    for (int i = 0; i < steps * 4 * units; i++) {
      Arrays.fill(gates, i * batch, (i + 1) * batch, parameters[ofUnits.end() + i % (4 * units)]);
    }
    ofInput.forward(parameters, input.output(), 0, 1, gates, 0, steps, batch);
    Arrays.fill(cell, 0, block, 0);
    for (int step = 0; step < steps; step++) {
      int at = step * block;
      int before = at - block;
      int cellInput = 4 * at;
      if (step > 0) {
        ofUnits.forward(parameters, hidden, before, 1, gates, cellInput, 1, batch);
      }
      tanh(gates, cellInput, block);
      logistic(gates, cellInput + block, 3 * block);
      remember(gates, cellInput, cell, block);
      System.arraycopy(cell, 0, cells, at, block);
      System.arraycopy(cell, 0, cellTanh, at, block);
      tanh(cellTanh, at, block);
      multiply(gates, cellInput + 2 * block, cellTanh, at, hidden, at, block);
    }
    if (layer.output() == Lstm.Steps.LAST) {
      System.arraycopy(hidden, (steps - 1) * block, output(), 0, block);
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    if (gateGradient.length == 0) {
      gateGradient = new float[gates.length];
    }
    int block = units * batch;
    boolean all = layer.output() == Lstm.Steps.ALL;
    Arrays.fill(cellGradient, 0, block, 0);
    for (int step = steps - 1; step >= 0; step--) {
      int at = step * block;
      int cellInput = 4 * at;
      boolean heard = all || step == steps - 1;
      if (heard) {
        System.arraycopy(outputGradient(), all ? at : 0, hiddenGradient, 0, block);
      }
      if (step < steps - 1) {
        int next = cellInput + 4 * block;
        ofUnits.inputGradient(
            parameters, gateGradient, next, heard ? 1 : 0, hiddenGradient, 0, 1, batch);
      }
      addCellGradient(
          hiddenGradient, gates, cellInput + 2 * block, cellTanh, at, cellGradient, block);
      float[] former = step == 0 ? zeros : cells;
      int formerAt = Math.max(0, at - block);
      cellInputGradient(cellGradient, gates, cellInput, block, gateGradient);
      gateGradient(cellGradient, former, formerAt, gates, cellInput + block, gateGradient, block);
      gateGradient(hiddenGradient, cellTanh, at, gates, cellInput + 2 * block, gateGradient, block);
      inputGateGradient(cellGradient, gates, cellInput, block, gateGradient);
      forget(cellGradient, gates, cellInput + block, block);
    }
    ofInput.weightGradient(input.output(), 0, gateGradient, 0, steps, batch, gradient);
    ofUnits.weightGradient(hidden, 0, gateGradient, 4 * block, steps - 1, batch, gradient);
    int biases = ofUnits.end();
    Arrays.fill(gradient, biases, biases + 4 * units, 0);
    for (int i = 0; i < steps * 4 * units; i++) {
      gradient[biases + i % (4 * units)] += Sums.of(gateGradient, i * batch, batch);
    }
    if (!(input instanceof InputPass)) {
      ofInput.inputGradient(
          parameters, gateGradient, 0, 0, input.outputGradient(), 0, steps, batch);
    }
  }

  private static void tanh(float[] values, int from, int length) {
    for (int i = from; i < from + length; i++) {
      values[i] = HyperbolicTangent.tanh(values[i]);
    }
  }

  private static void logistic(float[] values, int from, int length) {
    for (int i = from; i < from + length; i++) {
      values[i] = HyperbolicTangent.logistic(values[i]);
    }
  }

  private static void remember(float[] gates, int cellInput, float[] cell, int block) {
    int forget = cellInput + block;
    int gate = cellInput + 3 * block;
    for (int i = 0; i < block; i++) {
      cell[i] = gates[forget + i] * cell[i] + gates[gate + i] * gates[cellInput + i];
    }
  }

  private static void multiply(
      float[] one, int oneAt, float[] other, int otherAt, float[] to, int toAt, int length) {
    for (int i = 0; i < length; i++) {
      to[toAt + i] = one[oneAt + i] * other[otherAt + i];
    }
  }

  /** What comes through the units' outputs. */
  private static void addCellGradient(
      float[] hiddenGradient,
      float[] gates,
      int outputGate,
      float[] cellTanh,
      int at,
      float[] cellGradient,
      int length) {
    for (int i = 0; i < length; i++) {
      float t = cellTanh[at + i];
      cellGradient[i] += hiddenGradient[i] * gates[outputGate + i] * (1 - t * t);
    }
  }

  private static void cellInputGradient(
      float[] cellGradient, float[] gates, int at, int block, float[] to) {
    int gate = at + 3 * block;
    for (int i = 0; i < block; i++) {
      float a = gates[at + i];
      to[at + i] = cellGradient[i] * gates[gate + i] * (1 - a * a);
    }
  }

  private static void inputGateGradient(
      float[] cellGradient, float[] gates, int cellInput, int block, float[] to) {
    int at = cellInput + 3 * block;
    for (int i = 0; i < block; i++) {
      float g = gates[at + i];
      to[at + i] = cellGradient[i] * gates[cellInput + i] * g * (1 - g);
    }
  }

  /** Of a gate's sum, from the gradient of the product of the gate and a factor. */
  private static void gateGradient(
      float[] product,
      float[] factor,
      int factorAt,
      float[] gates,
      int at,
      float[] to,
      int length) {
    for (int i = 0; i < length; i++) {
      float g = gates[at + i];
      to[at + i] = product[i] * factor[factorAt + i] * g * (1 - g);
    }
  }

  private static void forget(float[] cellGradient, float[] gates, int at, int length) {
    for (int i = 0; i < length; i++) {
      cellGradient[i] *= gates[at + i];
    }
  }
}
