package dev.pare.kernel;

import dev.pare.graph.SparseActivation;
import java.util.Arrays;

/** {@link SparseActivation}. */
final class SparseActivationKernel implements Kernel {
  private final SparseActivation layer;

  SparseActivationKernel(SparseActivation layer) {
    this.layer = layer;
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    float[] in = inputs[0];
    switch (layer.rule()) {
      case THRESHOLD -> {
        for (int i = 0; i < in.length; i++) {
          output[i] = in[i] < layer.level() ? 0 : in[i];
        }
      }
      case BINARY -> {
        for (int i = 0; i < in.length; i++) {
          output[i] = in[i] < layer.level() / 2 ? 0 : layer.level();
        }
      }
      case TOP_K -> topK(in, output);
    }
  }

  private void topK(float[] in, float[] output) {
    int left = Math.min(layer.k(), in.length);
    float[] sorted = in.clone();
    Arrays.sort(sorted);
    float least = Math.max(0, sorted[sorted.length - left]);
    for (float value : in) {
      left -= value > least ? 1 : 0;
    }
    // Of those that are as large as the last of the top k the first ones stay.
    for (int i = 0; i < in.length; i++) {
      boolean wins = in[i] > least || in[i] == least && left-- > 0;
      output[i] = wins ? in[i] : 0;
    }
  }
}
