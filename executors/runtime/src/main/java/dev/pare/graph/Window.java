package dev.pare.graph;

import java.io.Serializable;

/**
 * How the windows of a convolution or of pooling lie along one side of its input.
 *
 * @param kernel rows or columns that a window looks at
 * @param stride from a window to the next
 * @param dilation from one of these rows or columns to the next, 1 where they are neighbours
 * @param before rows or columns of padding before the input, fewer than a window spans
 * @param after rows or columns of padding behind it, likewise
 */
public record Window(int kernel, int stride, int dilation, int before, int after)
    implements Serializable {
  /** One place after the other. */
  public static final Window POINTS = new Window(1, 1, 0);

  public Window {
    Sizes.atLeastOne("kernel", kernel);
    Sizes.atLeastOne("stride", stride);
    Sizes.atLeastOne("dilation", dilation);
    long span = (kernel - 1L) * dilation + 1;
    if (span > Integer.MAX_VALUE / 4) {
      throw new IllegalArgumentException("a window that spans " + span + " places");
    }
    checkPadding(before, span);
    checkPadding(after, span);
  }

  private static void checkPadding(int padding, long span) {
    if (padding < 0 || padding >= span) {
      throw new IllegalArgumentException(
          "padding = " + padding + ": must be at least 0 and less than the window's " + span);
    }
  }

  /** With neighbouring places, and the same padding at either end. */
  public Window(int kernel, int stride, int padding) {
    this(kernel, stride, 1, padding, padding);
  }

  /** From a window's first place to the one after its last. */
  public int span() {
    return (kernel - 1) * dilation + 1;
  }

  /** Whether there is anything around the input. */
  public boolean isPadded() {
    return before > 0 || after > 0;
  }

  /** Whether it has neighbouring places, and as much padding at either end. */
  public boolean isPlain() {
    return dilation == 1 && before == after;
  }

  /** Places of one side with its padding. */
  int padded(int side) {
    return Math.addExact(side, before + after);
  }

  /** How many windows lie on a side that they fit. */
  int count(int side) {
    return (padded(side) - span()) / stride + 1;
  }

  /** As {@code 3×3 padding 1}, or where the sides differ {@code 3×1 padding 1×0}. */
  static String text(Window vertical, Window horizontal) {
    return vertical.kernel()
        + "×"
        + horizontal.kernel()
        + part(" stride ", vertical.stride, horizontal.stride, 1)
        + part(" dilation ", vertical.dilation, horizontal.dilation, 1)
        + (vertical.before == vertical.after && horizontal.before == horizontal.after
            ? part(" padding ", vertical.before, horizontal.before, 0)
            : " padding %d+%d×%d+%d"
                .formatted(vertical.before, vertical.after, horizontal.before, horizontal.after));
  }

  private static String part(String name, int one, int other, int usual) {
    if (one == usual && other == usual) {
      return "";
    }
    return name + (one == other ? String.valueOf(one) : one + "×" + other);
  }

  /**
   * What windows make of an input.
   *
   * @throws IllegalArgumentException if they do not fit
   */
  static Shape over(Shape in, int channels, Window vertical, Window horizontal) {
    if (vertical.span() > vertical.padded(in.height())
        || horizontal.span() > horizontal.padded(in.width())) {
      String window =
          vertical.span() == horizontal.span()
              ? String.valueOf(vertical.span())
              : vertical.span() + "×" + horizontal.span();
      throw new IllegalArgumentException(
          "a window of %s does not fit %d×%d"
              .formatted(window, vertical.padded(in.height()), horizontal.padded(in.width())));
    }
    return new Shape(channels, vertical.count(in.height()), horizontal.count(in.width()));
  }
}
