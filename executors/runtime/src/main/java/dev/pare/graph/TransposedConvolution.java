package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The transpose of a two-dimensional cross-correlation (Zeiler et al. 2010): each number of the
 * input, times the filters' weights, is added to the window of the output that a convolution would
 * make it of.
 *
 * <p>Its windows lie on the output: their padding is what is cut off of it.
 *
 * @param filters how many there are, as many in each group
 * @param groups how many there are
 * @param vertical how windows lie along the output's height
 * @param horizontal how they lie along its width
 * @param below further rows of the output behind all windows
 * @param right further columns, likewise
 */
public record TransposedConvolution(
    int filters,
    int groups,
    Window vertical,
    Window horizontal,
    int below,
    int right,
    Activation activation)
    implements Layer {
  public TransposedConvolution {
    // It checks both.
    new FilterGroups(filters, groups);
    requireNonNull(vertical, "vertical is null");
    requireNonNull(horizontal, "horizontal is null");
    requireNonNull(activation, "activation is null");
    checkRest("below", below, vertical);
    checkRest("right", right, horizontal);
  }

  private static void checkRest(String name, int rest, Window window) {
    int most = Math.max(window.stride(), window.dilation()) - 1;
    if (rest < 0 || rest > most) {
      throw new IllegalArgumentException(
          name + " = " + rest + ": must be at least 0 and at most " + most);
    }
  }

  @Override
  public TransposedConvolution withActivation(Activation other) {
    return new TransposedConvolution(filters, groups, vertical, horizontal, below, right, other);
  }

  private FilterGroups filterGroups() {
    return new FilterGroups(filters, groups);
  }

  /** How many places of the output a filter is laid on at once. */
  public int area() {
    return Math.multiplyExact(vertical.kernel(), horizontal.kernel());
  }

  @Override
  public String title() {
    return groups == 1
        ? "transposed convolution"
        : "transposed convolution in " + groups + " groups";
  }

  @Override
  public String summary() {
    return "transposed convolution "
        + filters
        + " of "
        + Window.text(vertical, horizontal)
        + (below == 0 && right == 0 ? "" : " and %d×%d more".formatted(below, right))
        + (groups == 1 ? "" : " in " + groups + " groups")
        + activation.suffix();
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = inputs.get(0);
    filterGroups().check(in.channels());
    return new Shape(
        filters, side(in.height(), vertical, below), side(in.width(), horizontal, right));
  }

  private static int side(int in, Window window, int rest) {
    long side =
        (in - 1L) * window.stride() + window.span() - window.before() - window.after() + rest;
    if (side < 1 || side > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a transposed convolution to a side of " + side);
    }
    return (int) side;
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    return filterGroups().parameters(inputs.get(0).channels(), area());
  }

  @Override
  public long uses(List<Shape> inputs, Shape output) {
    return inputs.get(0).places();
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
    return new TransposedConvolution(
        outputs.length, left, vertical, horizontal, below, right, activation);
  }

  @Override
  public ExampleCost extraCost(List<Shape> inputs, Shape output) {
    // What a row of the input adds to the output.
    double products = (double) filters / groups * area() * inputs.get(0).width();
    return new ExampleCost(products, 0);
  }
}
