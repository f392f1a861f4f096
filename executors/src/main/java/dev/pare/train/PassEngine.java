package dev.pare.train;

import dev.pare.graph.Architecture;
import dev.pare.layers.LayerGraph;

/** Pare's own layers. Allocates nothing after its first step. */
final class PassEngine implements Engine {
  private final LayerGraph layers;
  private final int largestBatch;
  private final float[] logits;
  private final float[] logitGradient;

  PassEngine(Architecture architecture, int largestBatch) {
    this.layers = new LayerGraph(architecture, largestBatch);
    this.largestBatch = largestBatch;
    this.logits = new float[Math.multiplyExact(largestBatch, architecture.outputs())];
    this.logitGradient = new float[logits.length];
  }

  @Override
  public void forward(float[] parameters, float[] inputs, int batch, float[] target) {
    check(batch);
    layers.forward(parameters, inputs, batch, target);
  }

  /**
   * What a layer but the first has read in the forward pass before.
   *
   * @param target {@code [example][channel][y][x]}, written
   */
  void copyInput(int layer, int batch, float[] target) {
    layers.copyInput(layer, batch, target);
  }

  /**
   * Adds to each count in how many examples a number was not zero that a layer but the first has
   * read in the forward pass before.
   *
   * @param counts {@code [channel][y][x]}, added to
   */
  void countNonzeroInputs(int layer, int batch, long[] counts) {
    layers.countNonzeroInputs(layer, batch, counts);
  }

  @Override
  public double gradient(
      float[] parameters, float[] inputs, int batch, LogitLoss loss, float[] gradient) {
    check(batch);
    layers.forwardInTraining(parameters, inputs, batch, logits);
    double value = loss.gradient(logits, batch, logitGradient);
    layers.backward(parameters, logitGradient, batch, gradient);
    return value;
  }

  private void check(int batch) {
    if (batch < 1 || batch > largestBatch) {
      throw new IllegalArgumentException("a batch of " + batch + ", at most " + largestBatch);
    }
  }

  @Override
  public void close() {}
}
