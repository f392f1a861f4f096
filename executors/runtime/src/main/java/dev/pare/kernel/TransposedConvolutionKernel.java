package dev.pare.kernel;

import dev.pare.graph.TransposedConvolution;

/** {@link TransposedConvolution}: its windows lie on what it makes, one for each input place. */
final class TransposedConvolutionKernel extends FilterKernel {
  private final Plane plane;

  TransposedConvolutionKernel(TransposedConvolution layer, Place place) {
    super(
        place,
        layer.groups(),
        layer.vertical().kernel(),
        layer.horizontal().kernel(),
        layer.activation());
    plane = new Plane(place.input(), place.output(), layer.vertical(), layer.horizontal());
  }

  @Override
  void add(float weight, int ky, int kx, float[] input, int from, float[] output, int to) {
    int lastRow = plane.lastRow(ky);
    int lastColumn = plane.lastColumn(kx);
    for (int y = plane.firstRow(ky); y < lastRow; y++) {
      for (int x = plane.firstColumn(kx); x < lastColumn; x++) {
        output[to + plane.under(y, ky, x, kx)] +=
            weight * input[from + y * plane.windows().width() + x];
      }
    }
  }

  @Override
  void forEachPlace(int ky, int kx, Plane.Places places) {
    plane.forEach(ky, kx, (under, window) -> places.at(window, under));
  }
}
