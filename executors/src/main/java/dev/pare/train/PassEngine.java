package dev.pare.train;

import dev.pare.graph.Architecture;
import dev.pare.layers.Batch;
import dev.pare.layers.LayerGraph;

/** Pare's own layers. Allocates nothing after its first step. */
final class PassEngine implements Engine {
  /** Runs everything, on the processor. */
  static final class Kind implements EngineKind {
    @Override
    public String name() {
      return "passes";
    }

    @Override
    public boolean runs(Architecture architecture) {
      return true;
    }

    @Override
    public boolean isPreferred() {
      return true;
    }

    @Override
    public boolean showsInputs() {
      return true;
    }

    @Override
    public Engine open(Architecture architecture, int largestBatch) {
      return new PassEngine(architecture, largestBatch);
    }
  }

  private final LayerGraph layers;
  private final int largestBatch;
  private final float[] logits;
  private final float[] logitGradient;

  private PassEngine(Architecture architecture, int largestBatch) {
    this.layers = new LayerGraph(architecture, largestBatch);
    this.largestBatch = largestBatch;
    this.logits = new float[Math.multiplyExact(largestBatch, architecture.outputs())];
    this.logitGradient = new float[logits.length];
  }

  @Override
  public void forward(float[] parameters, Batch batch, float[] target) {
    check(batch.size());
    layers.forward(parameters, batch, target);
  }

  @Override
  public void copyInput(int layer, int batch, float[] target) {
    layers.copyInput(layer, batch, target);
  }

  @Override
  public void countNonzeroInputs(int layer, int batch, long[] counts) {
    layers.countNonzeroInputs(layer, batch, counts);
  }

  @Override
  public void setLive(int[] live) {
    layers.setLive(live);
  }

  @Override
  public double gradient(float[] parameters, Batch batch, LogitLoss loss, float[] gradient) {
    check(batch.size());
    layers.forwardInTraining(parameters, batch, logits);
    double value = loss.gradient(logits, batch.size(), logitGradient);
    layers.backward(parameters, logitGradient, batch.size(), gradient);
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
