package dev.pare.layers;

import dev.pare.graph.Softmax;
import java.util.Arrays;

/**
 * Softmax over the channels of each place, or its logarithm. Loops run along a row of places and
 * examples, for one channel after another.
 */
final class SoftmaxPass extends LayerPass {
  private final Softmax layer;
  private final LayerPass input;
  private final int channels;
  private final float[] largest;
  private final float[] sum;

  SoftmaxPass(Softmax layer, LayerPass input, int largestBatch) {
    super(input.shape(), largestBatch);
    this.layer = layer;
    this.input = input;
    this.channels = shape().channels();
    this.largest = new float[shape().width() * largestBatch];
    this.sum = new float[largest.length];
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    int row = shape().width() * batch;
    boolean shares = layer.form() == Softmax.Form.SHARES;
    for (int y = 0; y < shape().height(); y++) {
      int from = y * channels * row;
      System.arraycopy(input.output(), from, largest, 0, row);
      for (int c = 1; c < channels; c++) {
        raise(input.output(), from + c * row, largest, row);
      }
      Arrays.fill(sum, 0, row, 0);
      for (int c = 0; c < channels; c++) {
        int at = from + c * row;
        if (shares) {
          exponentials(input.output(), largest, output(), at, row);
          add(output(), at, sum, row);
        } else {
          addExponentials(input.output(), at, largest, sum, row);
        }
      }
      for (int c = 0; c < channels; c++) {
        int at = from + c * row;
        if (shares) {
          divide(output(), at, sum, row);
        } else {
          subtract(input.output(), largest, sum, output(), at, row);
        }
      }
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    if (input instanceof InputPass) {
      return;
    }
    int row = shape().width() * batch;
    float[] from = outputGradient();
    float[] to = input.outputGradient();
    for (int y = 0; y < shape().height(); y++) {
      int first = y * channels * row;
      int end = first + channels * row;
      Arrays.fill(sum, 0, row, 0);
      if (layer.form() == Softmax.Form.SHARES) {
        for (int at = first; at < end; at += row) {
          addProducts(from, output(), at, sum, row);
        }
        for (int at = first; at < end; at += row) {
          for (int i = 0; i < row; i++) {
            to[at + i] = output()[at + i] * (from[at + i] - sum[i]);
          }
        }
      } else {
        for (int at = first; at < end; at += row) {
          add(from, at, sum, row);
        }
        for (int at = first; at < end; at += row) {
          for (int i = 0; i < row; i++) {
            to[at + i] = from[at + i] - Exponential.exp(output()[at + i]) * sum[i];
          }
        }
      }
    }
  }

  private static void raise(float[] from, int at, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] = Math.max(to[i], from[at + i]);
    }
  }

  private static void exponentials(float[] from, float[] largest, float[] to, int at, int length) {
    for (int i = 0; i < length; i++) {
      to[at + i] = Exponential.exp(from[at + i] - largest[i]);
    }
  }

  private static void addExponentials(
      float[] from, int at, float[] largest, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += Exponential.exp(from[at + i] - largest[i]);
    }
  }

  private static void add(float[] from, int at, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += from[at + i];
    }
  }

  private static void addProducts(float[] one, float[] other, int at, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += one[at + i] * other[at + i];
    }
  }

  private static void divide(float[] values, int at, float[] by, int length) {
    for (int i = 0; i < length; i++) {
      values[at + i] /= by[i];
    }
  }

  private static void subtract(
      float[] from, float[] largest, float[] sum, float[] to, int at, int length) {
    for (int i = 0; i < length; i++) {
      to[at + i] = from[at + i] - largest[i] - (float) StrictMath.log(sum[i]);
    }
  }
}
