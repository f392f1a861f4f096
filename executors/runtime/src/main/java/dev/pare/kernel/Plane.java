package dev.pare.kernel;

import dev.pare.graph.Shape;
import dev.pare.graph.Window;

/** How the windows of a small side lie on a larger one, along both sides. */
record Plane(Shape windows, Shape under, Window vertical, Window horizontal) {
  /** The first of {@code count} windows of which a place of the kernel is inside a side. */
  private static int first(Window window, int k) {
    int missing = window.before() - k * window.dilation();
    return missing <= 0 ? 0 : (missing - 1) / window.stride() + 1;
  }

  /** After the last such window. */
  private static int last(Window window, int k, int side, int count) {
    int room = side - 1 + window.before() - k * window.dilation();
    return room < 0 ? 0 : Math.min(count, room / window.stride() + 1);
  }

  int firstRow(int ky) {
    return first(vertical, ky);
  }

  int lastRow(int ky) {
    return last(vertical, ky, under.height(), windows.height());
  }

  int firstColumn(int kx) {
    return first(horizontal, kx);
  }

  int lastColumn(int kx) {
    return last(horizontal, kx, under.width(), windows.width());
  }

  /** The place, within a channel, under a place of the kernel of a window that is inside there. */
  int under(int y, int ky, int x, int kx) {
    int row = y * vertical.stride() + ky * vertical.dilation() - vertical.before();
    int column = x * horizontal.stride() + kx * horizontal.dilation() - horizontal.before();
    return row * under.width() + column;
  }

  /**
   * Calls for each window of which a place of the kernel is inside: with the place under it, then
   * with the window, both within a channel.
   */
  void forEach(int ky, int kx, Places places) {
    int lastRow = lastRow(ky);
    int lastColumn = lastColumn(kx);
    for (int y = firstRow(ky); y < lastRow; y++) {
      for (int x = firstColumn(kx); x < lastColumn; x++) {
        places.at(under(y, ky, x, kx), y * windows.width() + x);
      }
    }
  }

  /** Takes two places that belong together. */
  interface Places {
    void at(int first, int second);
  }
}
