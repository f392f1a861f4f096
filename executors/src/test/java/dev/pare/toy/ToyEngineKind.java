package dev.pare.toy;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.layers.Batch;
import dev.pare.train.Engine;
import dev.pare.train.EngineKind;

/** Runs softmax regression alone, in plain loops; never preferred. */
public final class ToyEngineKind implements EngineKind {
  @Override
  public String name() {
    return "toy";
  }

  @Override
  public boolean runs(Architecture architecture) {
    return architecture.layers().size() == 1
        && architecture.layers().get(0) instanceof Dense dense
        && dense.activation() == Activation.SOFTMAX;
  }

  @Override
  public boolean isPreferred() {
    return false;
  }

  @Override
  public Engine open(Architecture architecture, int largestBatch) {
    return new Regression(
        architecture.input().size(), architecture.outputs(), architecture.input().divisor());
  }

  /** Weights {@code [class][feature]}, then a bias a class. */
  private record Regression(int features, int classes, float divisor) implements Engine {
    @Override
    public void forward(float[] parameters, Batch batch, float[] logits) {
      float[] inputs = batch.floats();
      for (int b = 0; b < batch.size(); b++) {
        for (int c = 0; c < classes; c++) {
          double sum = parameters[classes * features + c];
          for (int f = 0; f < features; f++) {
            sum += parameters[c * features + f] * inputs[b * features + f] / divisor;
          }
          logits[b * classes + c] = (float) sum;
        }
      }
    }

    @Override
    public double gradient(float[] parameters, Batch batch, LogitLoss loss, float[] gradient) {
      float[] inputs = batch.floats();
      float[] logits = new float[batch.size() * classes];
      float[] slopes = new float[logits.length];
      forward(parameters, batch, logits);
      double value = loss.gradient(logits, batch.size(), slopes);
      java.util.Arrays.fill(gradient, 0);
      for (int b = 0; b < batch.size(); b++) {
        for (int c = 0; c < classes; c++) {
          float slope = slopes[b * classes + c];
          gradient[classes * features + c] += slope;
          for (int f = 0; f < features; f++) {
            gradient[c * features + f] += slope * inputs[b * features + f] / divisor;
          }
        }
      }
      return value;
    }

    @Override
    public void close() {}
  }
}
