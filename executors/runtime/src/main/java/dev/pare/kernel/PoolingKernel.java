package dev.pare.kernel;

import dev.pare.graph.Pooling;
import java.util.Arrays;

/** {@link Pooling}: a place of the kernel after the other, over all windows. */
final class PoolingKernel implements Kernel {
  private final Pooling layer;
  private final Plane plane;

  PoolingKernel(Pooling layer, Place place) {
    this.layer = layer;
    plane = new Plane(place.output(), place.input(), layer.vertical(), layer.horizontal());
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    int places = plane.windows().places();
    int[] seen = new int[places];
    for (int channel = 0; channel < plane.windows().channels(); channel++) {
      Arrays.fill(seen, 0);
      for (int ky = 0; ky < layer.vertical().kernel(); ky++) {
        for (int kx = 0; kx < layer.horizontal().kernel(); kx++) {
          add(ky, kx, inputs[0], channel * plane.under().places(), output, channel * places, seen);
        }
      }
      if (layer.pool() == Pooling.Pool.AVERAGE) {
        for (int i = 0; i < places; i++) {
          output[channel * places + i] /= Math.max(1, seen[i]);
        }
      }
    }
  }

  private void add(int ky, int kx, float[] input, int from, float[] output, int to, int[] seen) {
    boolean isMaximum = layer.pool() == Pooling.Pool.MAX;
    int lastRow = plane.lastRow(ky);
    int lastColumn = plane.lastColumn(kx);
    for (int y = plane.firstRow(ky); y < lastRow; y++) {
      for (int x = plane.firstColumn(kx); x < lastColumn; x++) {
        float value = input[from + plane.under(y, ky, x, kx)];
        int window = y * plane.windows().width() + x;
        if (seen[window]++ == 0) {
          output[to + window] = value;
        } else if (isMaximum) {
          output[to + window] = Math.max(output[to + window], value);
        } else {
          output[to + window] += value;
        }
      }
    }
  }
}
