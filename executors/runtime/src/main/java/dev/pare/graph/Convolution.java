package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Two-dimensional cross-correlation. In groups, each group of filters reads as many channels of its
 * own; with a group for each channel it is depthwise.
 *
 * @param filters how many there are, as many in each group
 * @param groups how many there are
 * @param vertical how windows lie along the height
 * @param horizontal how they lie along the width
 */
public record Convolution(
    int filters, int groups, Window vertical, Window horizontal, Activation activation)
    implements Layer {
  public Convolution {
    // It checks both.
    new FilterGroups(filters, groups);
    requireNonNull(vertical, "vertical is null");
    requireNonNull(horizontal, "horizontal is null");
    requireNonNull(activation, "activation is null");
  }

  /** In one group. */
  public Convolution(int filters, Window vertical, Window horizontal, Activation activation) {
    this(filters, 1, vertical, horizontal, activation);
  }

  /** With a square kernel, and the same along both sides. */
  public Convolution(int filters, int kernel, int stride, int padding, Activation activation) {
    this(
        filters,
        new Window(kernel, stride, padding),
        new Window(kernel, stride, padding),
        activation);
  }

  /** With a square kernel, without padding. */
  public Convolution(int filters, int kernel, int stride, Activation activation) {
    this(filters, kernel, stride, 0, activation);
  }

  /** The same with another number of filters. */
  public Convolution withFilters(int count) {
    return new Convolution(count, groups, vertical, horizontal, activation);
  }

  @Override
  public Convolution withActivation(Activation other) {
    return new Convolution(filters, groups, vertical, horizontal, other);
  }

  private FilterGroups filterGroups() {
    return new FilterGroups(filters, groups);
  }

  /** Whether height and width are treated alike. */
  public boolean isSquare() {
    return vertical.equals(horizontal);
  }

  /** Whether there are zeros around the input. */
  public boolean isPadded() {
    return vertical.isPadded() || horizontal.isPadded();
  }

  /** Whether each filter reads all channels, at neighbouring places, with even padding. */
  public boolean isPlain() {
    return groups == 1 && vertical.isPlain() && horizontal.isPlain();
  }

  /** How many places of a channel a filter is laid on at once. */
  public int area() {
    return Math.multiplyExact(vertical.kernel(), horizontal.kernel());
  }

  @Override
  public String title() {
    return groups == 1 ? "convolution" : "convolution in " + groups + " groups";
  }

  @Override
  public String summary() {
    return "convolution "
        + filters
        + " of "
        + Window.text(vertical, horizontal)
        + (groups == 1 ? "" : " in " + groups + " groups")
        + activation.suffix();
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = inputs.get(0);
    filterGroups().check(in.channels());
    return Window.over(in, filters, vertical, horizontal);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    return filterGroups().parameters(inputs.get(0).channels(), area());
  }

  @Override
  public int factorable() {
    return groups == 1 ? 1 : 0;
  }

  @Override
  public List<Integer> kernel() {
    return List.of(vertical.kernel(), horizontal.kernel());
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return filterGroups().flow(inputs.get(0).channels());
  }

  @Override
  public Layer reduced(List<int[]> inputs, int[] outputs) {
    int left = filterGroups().left(inputs.get(0).length);
    return new Convolution(outputs.length, left, vertical, horizontal, activation);
  }

  @Override
  public boolean addsConstants() {
    return !isPadded();
  }

  @Override
  public ExampleCost extraCost(List<Shape> inputs, Shape output) {
    double height = vertical.padded(inputs.get(0).height());
    double channels = inputs.get(0).channels();
    if (groups > 1 && groups == inputs.get(0).channels()) {
      // Two planes of one channel with the padding, each at most four times as large where strides
      // divide it; and each weight's products go on over the ends of rows.
      double width = horizontal.padded(inputs.get(0).width());
      double loops = ExampleCost.SLOW * height + (double) area() * output.height();
      return new ExampleCost(8 * height * width, filters * width * loops);
    }
    // Unrolled along x, with the padding.
    return new ExampleCost(height * channels * horizontal.kernel() * output.width(), 0);
  }
}
