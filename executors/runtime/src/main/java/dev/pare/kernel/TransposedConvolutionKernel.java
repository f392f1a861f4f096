package dev.pare.kernel;

import dev.pare.graph.TransposedConvolution;
import java.util.Arrays;

/** {@link TransposedConvolution}: its windows lie on what it makes, one for each input place. */
final class TransposedConvolutionKernel implements Kernel {
  private final TransposedConvolution layer;
  private final Plane plane;
  private final int channels;
  private final Matrix weights;
  private final float[] biases;

  TransposedConvolutionKernel(TransposedConvolution layer, Place place) {
    this.layer = layer;
    plane = new Plane(place.input(), place.output(), layer.vertical(), layer.horizontal());
    channels = place.input().channels() / layer.groups();
    weights = place.matrix(0);
    biases = place.vector(1);
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    float[] factors = new float[weights.rows()];
    int area = layer.area();
    int width = layer.horizontal().kernel();
    int places = plane.under().places();
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
          int from = (f / filters * channels + tap / area) * plane.windows().places();
          add(factors[f], ky, kx, inputs[0], from, output, f * places);
        }
      }
    }
    Activations.apply(layer.activation(), output);
  }

  private void add(float weight, int ky, int kx, float[] input, int from, float[] output, int to) {
    int lastRow = plane.lastRow(ky);
    int lastColumn = plane.lastColumn(kx);
    for (int y = plane.firstRow(ky); y < lastRow; y++) {
      for (int x = plane.firstColumn(kx); x < lastColumn; x++) {
        output[to + plane.under(y, ky, x, kx)] +=
            weight * input[from + y * plane.windows().width() + x];
      }
    }
  }
}
