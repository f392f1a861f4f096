package dev.pare.kernel;

import dev.pare.graph.Convolution;

/** {@link Convolution}: its windows lie on what it reads. */
final class ConvolutionKernel extends FilterKernel {
  private final Plane plane;

  ConvolutionKernel(Convolution layer, Place place) {
    super(
        place,
        layer.groups(),
        layer.vertical().kernel(),
        layer.horizontal().kernel(),
        layer.activation());
    plane = new Plane(place.output(), place.input(), layer.vertical(), layer.horizontal());
  }

  @Override
  void add(float weight, int ky, int kx, float[] input, int from, float[] output, int to) {
    int lastRow = plane.lastRow(ky);
    int firstColumn = plane.firstColumn(kx);
    int count = plane.lastColumn(kx) - firstColumn;
    int stride = plane.horizontal().stride();
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

  @Override
  void forEachPlace(int ky, int kx, Plane.Places places) {
    plane.forEach(ky, kx, places);
  }
}
