package dev.pare.layers;

import dev.pare.model.Architecture.Shape;
import dev.pare.model.Layer;
import java.util.Arrays;

/**
 * Maximum and average pooling. Where several values of a window are the largest, the first one gets
 * the gradient.
 */
final class PoolingPass extends LayerPass {
  private final Layer.Pooling layer;
  private final LayerPass input;
  private final float[] left;

  /**
   * @param shape of the output
   */
  PoolingPass(Layer.Pooling layer, LayerPass input, Shape shape, int largestBatch) {
    super(shape, largestBatch);
    this.layer = layer;
    this.input = input;
    this.left = new float[largestBatch];
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    float share = 1f / (layer.window() * layer.window());
    for (int y = 0; y < shape().height(); y++) {
      for (int c = 0; c < shape().channels(); c++) {
        for (int x = 0; x < shape().width(); x++) {
          int to = out(y, c, x, batch);
          for (int ky = 0; ky < layer.window(); ky++) {
            for (int kx = 0; kx < layer.window(); kx++) {
              int from = in(y, ky, c, x, kx, batch);
              if (ky + kx == 0) {
                System.arraycopy(input.output(), from, output(), to, batch);
              } else if (layer.pool() == Layer.Pool.MAX) {
                largest(input.output(), from, output(), to, batch);
              } else {
                add(input.output(), from, 1, output(), to, batch);
              }
            }
          }
          if (layer.pool() == Layer.Pool.AVERAGE) {
            scale(output(), to, share, batch);
          }
        }
      }
    }
  }

  @Override
  void backward(float[] parameters, float[] gradient, int batch) {
    if (input instanceof InputPass) {
      return;
    }
    float share = 1f / (layer.window() * layer.window());
    Arrays.fill(input.outputGradient(), 0, input.shape().size() * batch, 0);
    for (int y = 0; y < shape().height(); y++) {
      for (int c = 0; c < shape().channels(); c++) {
        for (int x = 0; x < shape().width(); x++) {
          int out = out(y, c, x, batch);
          if (layer.pool() == Layer.Pool.MAX) {
            System.arraycopy(outputGradient(), out, left, 0, batch);
          }
          for (int ky = 0; ky < layer.window(); ky++) {
            for (int kx = 0; kx < layer.window(); kx++) {
              int in = in(y, ky, c, x, kx, batch);
              if (layer.pool() == Layer.Pool.MAX) {
                toLargest(in, out, batch);
              } else {
                add(outputGradient(), out, share, input.outputGradient(), in, batch);
              }
            }
          }
        }
      }
    }
  }

  private int out(int y, int c, int x, int batch) {
    return ((y * shape().channels() + c) * shape().width() + x) * batch;
  }

  private int in(int y, int ky, int c, int x, int kx, int batch) {
    int line = (y * layer.stride() + ky) * shape().channels() + c;
    return (line * input.shape().width() + x * layer.stride() + kx) * batch;
  }

  private static void largest(float[] from, int fromAt, float[] to, int toAt, int length) {
    for (int i = 0; i < length; i++) {
      to[toAt + i] = Math.max(to[toAt + i], from[fromAt + i]);
    }
  }

  private static void add(float[] from, int fromAt, float share, float[] to, int toAt, int length) {
    for (int i = 0; i < length; i++) {
      to[toAt + i] += share * from[fromAt + i];
    }
  }

  private static void scale(float[] values, int from, float factor, int length) {
    for (int i = from; i < from + length; i++) {
      values[i] *= factor;
    }
  }

  /** Moves what is left of the gradient to those values that are the largest of their windows. */
  private void toLargest(int in, int out, int batch) {
    float[] values = input.output();
    float[] target = input.outputGradient();
    float[] largest = output();
    for (int i = 0; i < batch; i++) {
      // 1 where the value is the largest, else 0, without a branch that could not be predicted.
      float is = 1 - Math.min(1f, (largest[out + i] - values[in + i]) * Float.MAX_VALUE);
      float moved = is * left[i];
      target[in + i] += moved;
      left[i] -= moved;
    }
  }
}
