package dev.pare.kernel;

import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Crop;
import dev.pare.graph.Rearrangement;
import dev.pare.graph.Reversal;
import dev.pare.graph.Shape;
import dev.pare.graph.ZeroPadding;

/** Layers whose every output is one of the numbers that they read, or zero. */
final class MoveKernel implements Kernel {
  /** Of each output which number it is, −1 for zero. */
  private final int[] from;

  private MoveKernel(int[] from) {
    this.from = from;
  }

  private interface Source {
    /** Where a number of the output is in the input, −1 if it is not. */
    int of(int channel, int y, int x);
  }

  private static MoveKernel of(Shape output, Source source) {
    int[] from = new int[output.size()];
    int next = 0;
    for (int c = 0; c < output.channels(); c++) {
      for (int y = 0; y < output.height(); y++) {
        for (int x = 0; x < output.width(); x++) {
          from[next++] = source.of(c, y, x);
        }
      }
    }
    return new MoveKernel(from);
  }

  private static int index(Shape in, int channel, int y, int x) {
    return (channel * in.height() + y) * in.width() + x;
  }

  static MoveKernel of(ChannelSelection layer, Place place) {
    return of(place.output(), (c, y, x) -> index(place.input(), layer.channels().get(c), y, x));
  }

  static MoveKernel of(Crop layer, Place place) {
    return of(
        place.output(), (c, y, x) -> index(place.input(), c, y + layer.top(), x + layer.left()));
  }

  static MoveKernel of(Reversal layer, Place place) {
    int last = place.input().height() - 1;
    return of(place.output(), (c, y, x) -> index(place.input(), c, last - y, x));
  }

  static MoveKernel of(ZeroPadding layer, Place place) {
    Shape in = place.input();
    return of(
        place.output(),
        (c, y, x) -> {
          int row = y - layer.top();
          int column = x - layer.left();
          boolean isInside = row >= 0 && row < in.height() && column >= 0 && column < in.width();
          return isInside ? index(in, c, row, column) : -1;
        });
  }

  static MoveKernel of(Rearrangement layer, Place place) {
    int[] places = layer.places();
    int[] from = new int[place.output().size()];
    for (int i = 0; i < from.length; i++) {
      from[i] = i / places.length * place.input().places() + places[i % places.length];
    }
    return new MoveKernel(from);
  }

  @Override
  public void run(float[][] inputs, float[] output) {
    for (int i = 0; i < from.length; i++) {
      output[i] = from[i] < 0 ? 0 : inputs[0][from[i]];
    }
  }
}
