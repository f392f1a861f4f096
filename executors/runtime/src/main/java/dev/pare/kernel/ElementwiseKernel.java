package dev.pare.kernel;

import dev.pare.graph.Elementwise;

/** {@link Elementwise}. */
final class ElementwiseKernel implements Kernel {
  private final Elementwise layer;

  ElementwiseKernel(Elementwise layer) {
    this.layer = layer;
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    for (int i = 0; i < output.length; i++) {
      output[i] = (float) layer.of(inputs[0][i]);
    }
  }
}
