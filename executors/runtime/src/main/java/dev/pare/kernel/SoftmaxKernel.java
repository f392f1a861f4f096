package dev.pare.kernel;

import dev.pare.graph.Softmax;

/** {@link Softmax}. */
final class SoftmaxKernel implements Kernel {
  private final boolean isLogarithm;
  private final int channels;

  SoftmaxKernel(Softmax layer, Place place) {
    isLogarithm = layer.form() == Softmax.Form.LOGARITHMS;
    channels = place.input().channels();
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    int places = output.length / channels;
    for (int place = 0; place < places; place++) {
      shares(inputs[0], output, place, places);
    }
  }

  private void shares(float[] in, float[] output, int place, int places) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = place; i < in.length; i += places) {
      largest = Math.max(largest, in[i]);
    }
    double sum = 0;
    for (int i = place; i < in.length; i += places) {
      double share = Math.exp(in[i] - largest);
      output[i] = (float) share;
      sum += share;
    }
    double logarithm = Math.log(sum);
    for (int i = place; i < in.length; i += places) {
      output[i] = (float) (isLogarithm ? in[i] - largest - logarithm : output[i] / sum);
    }
  }
}
