package dev.pare.kernel;

import dev.pare.graph.Activation;
import dev.pare.graph.Dense;
import java.util.Arrays;

/** {@link Dense}. */
final class DenseKernel implements Kernel {
  private final Activation activation;
  private final Matrix weights;
  private final float[] biases;

  DenseKernel(Dense layer, Place place) {
    activation = layer.activation();
    weights = place.matrix(0);
    biases = place.vector(1);
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    System.arraycopy(biases, 0, output, 0, biases.length);
    weights.multiply(inputs[0], output);
    Activations.apply(activation, output);
  }

  @Override
  public void runAll(float[][][] inputs, float[][] output) {
    for (int unit = 0; unit < output.length; unit++) {
      Arrays.fill(output[unit], biases[unit]);
    }
    weights.multiply(inputs[0], output);
    for (float[] unit : output) {
      Activations.apply(activation, unit);
    }
  }
}
