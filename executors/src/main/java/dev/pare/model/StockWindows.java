package dev.pare.model;

import dev.pare.graph.Shape;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.jspecify.annotations.Nullable;

/**
 * How windows lie along one side of what a layer reads that DL4J runs. DL4J fails as it runs, or
 * leaves its arrays, where they do not fit.
 *
 * @param in places there, without the padding
 * @param out windows
 */
record StockWindows(int kernel, int stride, int dilation, int padding, int in, int out) {
  /**
   * Along the height and along the width.
   *
   * @throws IllegalArgumentException if they do not fit there
   */
  static List<StockWindows> of(
      @Nullable ConvolutionMode mode,
      int[] kernel,
      int[] stride,
      int[] dilation,
      int[] padding,
      Shape in,
      Shape out) {
    StockWindows vertical =
        new StockWindows(kernel[0], stride[0], dilation[0], padding[0], in.height(), out.height());
    StockWindows horizontal =
        new StockWindows(kernel[1], stride[1], dilation[1], padding[1], in.width(), out.width());
    if (mode == ConvolutionMode.Same) {
      return List.of(vertical.same(), horizontal.same());
    }
    vertical.checkFit();
    horizontal.checkFit();
    return List.of(vertical, horizontal);
  }

  /** How far the last place of a window is from the first. */
  private int reach() {
    return (kernel - 1) * dilation;
  }

  /** The same with the padding of {@code ConvolutionMode.Same}. */
  private StockWindows same() {
    int zeros = (out - 1) * stride + reach() + 1 - in;
    if (zeros < -1) {
      throw new IllegalArgumentException(
          "convolutionMode = Same: a stride of %d leaves out places of %d".formatted(stride, in));
    }
    return new StockWindows(kernel, stride, dilation, Math.max(0, zeros) / 2, in, out);
  }

  private void checkFit() {
    if (reach() + 1 > in + 2 * padding) {
      throw new IllegalArgumentException(
          "a window of %d places does not fit %d".formatted(reach() + 1, in + 2 * padding));
    }
  }

  /**
   * Makes sure that no window has nothing but padding: DL4J then takes the maximum from outside of
   * its array.
   */
  void checkInside() {
    for (int window = 0; window < out; window++) {
      int first = window * stride - padding;
      int inside = first >= 0 ? first : Math.floorMod(first, dilation);
      if (inside > Math.min(first + reach(), in - 1)) {
        throw new IllegalArgumentException(
            "a window of padding alone: kernelSize %d, padding %d, dilation %d on %d places"
                .formatted(kernel, padding, dilation, in));
      }
    }
  }
}
