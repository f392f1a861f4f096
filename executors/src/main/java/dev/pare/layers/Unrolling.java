package dev.pare.layers;

import dev.pare.graph.Convolution;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;

/**
 * How a convolution's input, with its padding, is unrolled along {@code x} alone: to rows {@code
 * [group][y][channel of the group][kernel x]}, each of what that tap of the kernel sees for all
 * {@code [output x][example]}. All that a row of output reads is one run of such rows, one for each
 * weight of a filter in the order {@code [kernel y][channel][kernel x]}; runs of neighbouring rows
 * overlap. So an unrolled input takes a kernel's height less memory than by im2col.
 *
 * @param input shape of what is read
 * @param output shape of what is made
 */
record Unrolling(Convolution layer, Shape input, Shape output) {
  private Window vertical() {
    return layer.vertical();
  }

  private Window horizontal() {
    return layer.horizontal();
  }

  /** Input channels of a group. */
  int groupInputs() {
    return input.channels() / layer.groups();
  }

  /** Filters of a group. */
  int groupFilters() {
    return layer.filters() / layer.groups();
  }

  /** Weights of one filter. */
  int taps() {
    return groupInputs() * layer.area();
  }

  /** Rows of a line of a group's channels. */
  int lineRows() {
    return groupInputs() * horizontal().kernel();
  }

  /** Rows of a group. */
  int groupRows() {
    return Math.multiplyExact(
        input.height() + vertical().before() + vertical().after(), lineRows());
  }

  /** All rows. */
  int rows() {
    return Math.multiplyExact(groupRows(), layer.groups());
  }

  /** The first row of what a row of output reads of a group. */
  int firstRow(int outputRow, int group) {
    return group * groupRows() + outputRow * vertical().stride() * lineRows();
  }

  /** The first of the rows that a line of the input, {@code [y][channel]}, is unrolled to. */
  private int rowOf(int line) {
    int y = line / input.channels() + vertical().before();
    int channel = line % input.channels();
    return channel / groupInputs() * groupRows()
        + y * lineRows()
        + channel % groupInputs() * horizontal().kernel();
  }

  /** Of each weight of a filter, {@code [channel][y][x]}, its row after {@link #firstRow}. */
  int[] places() {
    int[] places = new int[taps()];
    int width = horizontal().kernel();
    int height = vertical().kernel();
    for (int c = 0; c < groupInputs(); c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          places[(c * height + y) * width + x] = y * lineRows() + c * width + x;
        }
      }
    }
    return places;
  }

  /** Numbers that follow on each other in a row and in the input. */
  interface Run {
    /**
     * @param begin within the row
     * @param end after the last, within the row
     * @param at of the first within the input
     */
    void take(int row, int begin, int end, int at);
  }

  /** A part of a row that sees padding. */
  interface Padding {
    void take(int row, int begin, int end);
  }

  /** All that rows have of the input, {@code [y][channel][x][example]}, run by run. */
  void runs(int batch, Run run) {
    int stride = horizontal().stride();
    for (int line = 0; line < input.height() * input.channels(); line++) {
      for (int kx = 0; kx < horizontal().kernel(); kx++) {
        int row = rowOf(line) + kx;
        int first = firstInside(kx);
        int end = endInside(kx);
        int at = (line * input.width() + column(first, kx)) * batch;
        if (stride > 1) {
          for (int x = first; x < end; x++) {
            run.take(row, x * batch, (x + 1) * batch, at + (x - first) * stride * batch);
          }
        } else if (end > first) {
          run.take(row, first * batch, end * batch, at);
        }
      }
    }
  }

  /** What rows of the input's lines have of the padding on the left and on the right. */
  void paddings(int batch, Padding padding) {
    for (int line = 0; line < input.height() * input.channels(); line++) {
      for (int kx = 0; kx < horizontal().kernel(); kx++) {
        int row = rowOf(line) + kx;
        padding.take(row, 0, firstInside(kx) * batch);
        padding.take(row, endInside(kx) * batch, output.width() * batch);
      }
    }
  }

  /** The column of the input that a column of the output sees at {@code kx}. */
  private int column(int x, int kx) {
    return x * horizontal().stride() + kx * horizontal().dilation() - horizontal().before();
  }

  /** The first column of the output that sees no padding on the left at {@code kx}. */
  private int firstInside(int kx) {
    int missing = horizontal().before() - kx * horizontal().dilation();
    int first = missing <= 0 ? 0 : (missing - 1) / horizontal().stride() + 1;
    return Math.min(first, output.width());
  }

  /**
   * The column of the output from which on it sees padding on the right at {@code kx}, at least
   * {@link #firstInside}: on maps narrower than the padding some have nothing inside.
   */
  private int endInside(int kx) {
    int last = input.width() - 1 + horizontal().before() - kx * horizontal().dilation();
    int end = last < 0 ? 0 : Math.min(output.width(), last / horizontal().stride() + 1);
    return Math.max(firstInside(kx), end);
  }
}
