package dev.pare.layers;

import java.util.Arrays;

/** A ReLU with a slope of its own below zero for each channel. */
final class PreluPass extends LayerPass {
  private final LayerPass input;
  private final int slopes;
  private final float[] products;

  /**
   * @param slopes index of the first among the parameters
   */
  PreluPass(LayerPass input, int slopes, int largestBatch) {
    super(input.shape(), largestBatch);
    this.input = input;
    this.slopes = slopes;
    this.products = new float[shape().width() * largestBatch];
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int row = shape().width() * batch;
    int channels = shape().channels();
    for (int line = 0; line < shape().height() * channels; line++) {
      float slope = parameters[slopes + line % channels];
      bend(input.output(), slope, output(), line * row, row);
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    int row = shape().width() * batch;
    int channels = shape().channels();
    Arrays.fill(gradient, slopes, slopes + channels, 0);
    for (int line = 0; line < shape().height() * channels; line++) {
      int c = line % channels;
      multiplyNegative(input.output(), outputGradient(), line * row, products, row);
      gradient[slopes + c] += Sums.of(products, 0, row);
      if (!(input instanceof InputPass)) {
        float slope = parameters[slopes + c];
        giveBack(input.output(), outputGradient(), slope, input.outputGradient(), line * row, row);
      }
    }
  }

  private static void bend(float[] from, float slope, float[] to, int at, int length) {
    for (int i = at; i < at + length; i++) {
      to[i] = Math.max(0f, from[i]) + slope * Math.min(0f, from[i]);
    }
  }

  private static void multiplyNegative(
      float[] values, float[] gradient, int at, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] = gradient[at + i] * Math.min(0f, values[at + i]);
    }
  }

  private static void giveBack(
      float[] values, float[] gradient, float slope, float[] to, int at, int length) {
    for (int i = at; i < at + length; i++) {
      // 1 where the value is negative, else 0, without a branch that could not be predicted.
      float below = Math.min(1f, -Math.min(0f, values[i]) * Float.MAX_VALUE);
      to[i] = gradient[i] * (1 - (1 - slope) * below);
    }
  }
}
