package dev.pare.kernel;

import dev.pare.graph.Activation;
import dev.pare.graph.BatchNormalization;

/** {@link BatchNormalization} with its running statistics: a factor and a summand a channel. */
final class BatchNormalizationKernel implements Kernel {
  private final Activation activation;
  private final float[] factors;
  private final float[] summands;

  BatchNormalizationKernel(BatchNormalization layer, Place place) {
    activation = layer.activation();
    float[] means = place.vector(2);
    float[] variances = place.vector(3);
    factors = place.vector(0);
    summands = place.vector(1);
    for (int c = 0; c < factors.length; c++) {
      double factor = factors[c] / Math.sqrt((double) variances[c] + layer.epsilon());
      summands[c] = (float) (summands[c] - means[c] * factor);
      factors[c] = (float) factor;
    }
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    int places = output.length / factors.length;
    for (int c = 0; c < factors.length; c++) {
      for (int i = c * places; i < (c + 1) * places; i++) {
        output[i] = factors[c] * inputs[0][i] + summands[c];
      }
    }
    Activations.apply(activation, output);
  }
}
