package dev.pare.layers;

import dev.pare.graph.ChannelPooling;
import dev.pare.graph.Pooling;
import dev.pare.graph.Shape;

/**
 * The largest or the mean of all channels of each place. Where several are the largest, the first
 * one gets the gradient.
 */
final class ChannelPoolingPass extends LayerPass {
  private final boolean maximum;
  private final LayerPass input;
  private final int channels;
  private final float[] left;

  /**
   * @param shape of the output
   */
  ChannelPoolingPass(ChannelPooling layer, LayerPass input, Shape shape, int largestBatch) {
    super(shape, largestBatch);
    this.maximum = layer.pool() == Pooling.Pool.MAX;
    this.input = input;
    this.channels = input.shape().channels();
    this.left = new float[shape.width() * largestBatch];
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int row = shape().width() * batch;
    float[] in = input.output();
    float[] out = output();
    for (int y = 0; y < shape().height(); y++) {
      int to = y * row;
      int first = y * channels * row;
      System.arraycopy(in, first, out, to, row);
      for (int c = 1; c < channels; c++) {
        int from = first + c * row;
        if (maximum) {
          raise(in, from, out, to, row);
        } else {
          add(in, from, out, to, row);
        }
      }
      for (int i = to; !maximum && i < to + row; i++) {
        out[i] *= 1f / channels;
      }
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    if (input instanceof InputPass) {
      return;
    }
    int row = shape().width() * batch;
    for (int y = 0; y < shape().height(); y++) {
      System.arraycopy(outputGradient(), y * row, left, 0, row);
      for (int c = 0; c < channels; c++) {
        int at = (y * channels + c) * row;
        if (maximum) {
          toLargest(at, y * row, row);
        } else {
          share(at, row);
        }
      }
    }
  }

  private static void raise(float[] from, int fromAt, float[] to, int toAt, int length) {
    for (int i = 0; i < length; i++) {
      to[toAt + i] = Math.max(to[toAt + i], from[fromAt + i]);
    }
  }

  private static void add(float[] from, int fromAt, float[] to, int toAt, int length) {
    for (int i = 0; i < length; i++) {
      to[toAt + i] += from[fromAt + i];
    }
  }

  private void share(int at, int length) {
    float[] to = input.outputGradient();
    for (int i = 0; i < length; i++) {
      to[at + i] = left[i] * (1f / channels);
    }
  }

  /** Moves what is left of the gradient to those numbers that are the largest. */
  private void toLargest(int in, int out, int length) {
    float[] values = input.output();
    float[] largest = output();
    float[] to = input.outputGradient();
    for (int i = 0; i < length; i++) {
      // 1 where the value is the largest, else 0, without a branch that could not be predicted.
      float is = 1 - Math.min(1f, (largest[out + i] - values[in + i]) * Float.MAX_VALUE);
      float moved = is * left[i];
      to[in + i] = moved;
      left[i] -= moved;
    }
  }
}
