package dev.pare.kernel;

import dev.pare.graph.Convolution;
import dev.pare.graph.Window;
import java.util.Arrays;

/** {@link Convolution}: each weight that is not zero times all places that it is laid on. */
final class ConvolutionKernel implements Kernel {
  private final Convolution layer;
  private final Plane plane;
  private final int channels;
  private final Matrix weights;
  private final float[] biases;

  ConvolutionKernel(Convolution layer, Place place) {
    this.layer = layer;
    plane = new Plane(place.output(), place.input(), layer.vertical(), layer.horizontal());
    channels = place.input().channels() / layer.groups();
    weights = place.matrix(0);
    biases = place.vector(1);
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    float[] factors = new float[weights.rows()];
    int area = layer.area();
    int width = layer.horizontal().kernel();
    int places = plane.windows().places();
    int filters = layer.filters() / layer.groups();
    for (int f = 0; f < factors.length; f++) {
      Arrays.fill(output, f * places, (f + 1) * places, biases[f]);
    }
    for (int tap = 0; tap < weights.columns(); tap++) {
      weights.column(tap, factors);
      int ky = tap % area / width;
      int kx = tap % width;
      for (int f = 0; f < factors.length; f++) {
        if (factors[f] != 0) {
          int from = (f / filters * channels + tap / area) * plane.under().places();
          add(factors[f], ky, kx, inputs[0], from, output, f * places);
        }
      }
    }
    Activations.apply(layer.activation(), output);
  }

  private void add(float weight, int ky, int kx, float[] input, int from, float[] output, int to) {
    Window horizontal = layer.horizontal();
    int lastRow = plane.lastRow(ky);
    int firstColumn = plane.firstColumn(kx);
    int count = plane.lastColumn(kx) - firstColumn;
    int stride = horizontal.stride();
    for (int y = plane.firstRow(ky); y < lastRow; y++) {
      int in = from + plane.under(y, ky, firstColumn, kx);
      int out = to + y * plane.windows().width() + firstColumn;
      if (stride == 1) {
        for (int i = 0; i < count; i++) {
          output[out + i] += weight * input[in + i];
        }
      } else {
        for (int i = 0; i < count; i++) {
          output[out + i] += weight * input[in + i * stride];
        }
      }
    }
  }
}
