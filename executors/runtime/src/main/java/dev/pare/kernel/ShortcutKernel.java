package dev.pare.kernel;

import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;

/** {@link Shortcut}. */
final class ShortcutKernel implements Kernel {
  private final Shortcut layer;
  private final Shape first;
  private final Shape second;
  private final int stride;

  ShortcutKernel(Shortcut layer, Place place) {
    this.layer = layer;
    first = place.inputs().get(0);
    second = place.inputs().get(1);
    stride = Shortcut.stride(first, second);
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    System.arraycopy(inputs[0], 0, output, 0, output.length);
    int next = 0;
    for (int c = 0; c < second.channels(); c++) {
      for (int y = 0; y < first.height(); y++) {
        int from = (c * second.height() + y * stride) * second.width();
        for (int x = 0; x < first.width(); x++) {
          output[next++] += inputs[1][from + x * stride];
        }
      }
    }
    Activations.apply(layer.activation(), output);
  }
}
