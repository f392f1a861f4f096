package dev.pare.kernel;

import dev.pare.graph.Interpolation;
import dev.pare.graph.Shape;

/** {@link Interpolation}. */
final class InterpolationKernel implements Kernel {
  private final Shape input;
  private final Interpolation.Neighbours rows;
  private final Interpolation.Neighbours columns;

  InterpolationKernel(Interpolation layer, Place place) {
    input = place.input();
    rows = layer.neighbours(layer.vertical(), input.height());
    columns = layer.neighbours(layer.horizontal(), input.width());
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    int next = 0;
    for (int c = 0; c < input.channels(); c++) {
      for (int y = 0; y < rows.first().length; y++) {
        int above = (c * input.height() + rows.first()[y]) * input.width();
        int below = (c * input.height() + rows.second()[y]) * input.width();
        for (int x = 0; x < columns.first().length; x++) {
          float upper = along(inputs[0], above, x);
          output[next++] = upper + rows.share()[y] * (along(inputs[0], below, x) - upper);
        }
      }
    }
  }

  private float along(float[] in, int row, int x) {
    float left = in[row + columns.first()[x]];
    return left + columns.share()[x] * (in[row + columns.second()[x]] - left);
  }
}
