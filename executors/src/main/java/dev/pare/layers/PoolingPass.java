package dev.pare.layers;

import dev.pare.graph.Pooling;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;
import java.util.Arrays;

/**
 * Maximum and average pooling of whatever windows. Where several values of a window are the
 * largest, the first one gets the gradient.
 */
final class PoolingPass extends LayerPass {
  private final Pooling layer;
  private final Window vertical;
  private final Window horizontal;
  private final LayerPass input;
  private final float[] left;

  /**
   * @param shape of the output
   */
  PoolingPass(Pooling layer, LayerPass input, Shape shape, int largestBatch) {
    super(shape, largestBatch);
    this.layer = layer;
    this.vertical = layer.vertical();
    this.horizontal = layer.horizontal();
    this.input = input;
    this.left = new float[largestBatch];
  }

  @Override
  void forward(float[] parameters, int batch, Mode mode) {
    boolean maximum = layer.pool() == Pooling.Pool.MAX;
    for (int y = 0; y < shape().height(); y++) {
      for (int c = 0; c < shape().channels(); c++) {
        for (int x = 0; x < shape().width(); x++) {
          int to = out(y, c, x, batch);
          int seen = 0;
          for (int ky = 0; ky < vertical.kernel(); ky++) {
            for (int kx = 0; kx < horizontal.kernel(); kx++) {
              int from = in(y, ky, c, x, kx, batch);
              if (from < 0) {
                continue;
              }
              if (seen++ == 0) {
                System.arraycopy(input.output(), from, output(), to, batch);
              } else if (maximum) {
                largest(input.output(), from, output(), to, batch);
              } else {
                add(input.output(), from, 1, output(), to, batch);
              }
            }
          }
          if (seen == 0) {
            // A window over padding alone.
            Arrays.fill(output(), to, to + batch, 0);
          } else if (!maximum) {
            scale(output(), to, 1f / seen, batch);
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
    Arrays.fill(input.outputGradient(), 0, input.shape().size() * batch, 0);
    for (int y = 0; y < shape().height(); y++) {
      for (int c = 0; c < shape().channels(); c++) {
        for (int x = 0; x < shape().width(); x++) {
          giveBack(y, c, x, batch);
        }
      }
    }
  }

  private void giveBack(int y, int c, int x, int batch) {
    int out = out(y, c, x, batch);
    boolean maximum = layer.pool() == Pooling.Pool.MAX;
    float share = 0;
    if (maximum) {
      System.arraycopy(outputGradient(), out, left, 0, batch);
    } else {
      share =
          1f
              / Math.max(
                  1,
                  inside(vertical, y, input.shape().height())
                      * inside(horizontal, x, input.shape().width()));
    }
    for (int ky = 0; ky < vertical.kernel(); ky++) {
      for (int kx = 0; kx < horizontal.kernel(); kx++) {
        int in = in(y, ky, c, x, kx, batch);
        if (in < 0) {
          continue;
        }
        if (maximum) {
          toLargest(in, out, batch);
        } else {
          add(outputGradient(), out, share, input.outputGradient(), in, batch);
        }
      }
    }
  }

  /** How many of a window's places along one side are in the input. */
  private static int inside(Window window, int at, int side) {
    int inside = 0;
    for (int k = 0; k < window.kernel(); k++) {
      int place = at * window.stride() + k * window.dilation() - window.before();
      inside += place >= 0 && place < side ? 1 : 0;
    }
    return inside;
  }

  private int out(int y, int c, int x, int batch) {
    return ((y * shape().channels() + c) * shape().width() + x) * batch;
  }

  /** Where the examples of a window's place lie in the input, or −1 in the padding. */
  private int in(int y, int ky, int c, int x, int kx, int batch) {
    Shape s = input.shape();
    int row = y * vertical.stride() + ky * vertical.dilation() - vertical.before();
    int column = x * horizontal.stride() + kx * horizontal.dilation() - horizontal.before();
    return row < 0 || row >= s.height() || column < 0 || column >= s.width()
        ? -1
        : ((row * s.channels() + c) * s.width() + column) * batch;
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
