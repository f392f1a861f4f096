package dev.pare.kernel;

import dev.pare.graph.Quantization;

/** {@link Quantization}. */
final class QuantizationKernel implements Kernel {
  private final Quantization layer;

  QuantizationKernel(Quantization layer) {
    this.layer = layer;
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    for (int i = 0; i < output.length; i++) {
      output[i] = layer.of(inputs[0][i]);
    }
  }
}
