package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Pooling over windows; windows that do not fit are dropped. What padding adds counts for nothing:
 * not in a maximum, nor among the numbers of an average.
 *
 * @param vertical how windows lie along the height
 * @param horizontal how they lie along the width
 */
public record Pooling(Pool pool, Window vertical, Window horizontal) implements Layer {
  /** What pooling takes of a window. */
  public enum Pool {
    MAX(0),
    AVERAGE(1);

    private final int code;

    Pool(int code) {
      this.code = code;
    }

    /** The number that stands for this kind in files; never reused. */
    public int code() {
      return code;
    }
  }

  public Pooling {
    requireNonNull(pool, "pool is null");
    requireNonNull(vertical, "vertical is null");
    requireNonNull(horizontal, "horizontal is null");
  }

  /** Over square windows, without padding. */
  public Pooling(Pool pool, int window, int stride) {
    this(pool, side("window", window, stride), side("window", window, stride));
  }

  private static Window side(String name, int window, int stride) {
    Sizes.atLeastOne(name, window);
    return new Window(window, stride, 0);
  }

  /** Whether windows are square, of neighbouring places, and nothing is padded. */
  public boolean isPlain() {
    return vertical.equals(horizontal) && vertical.dilation() == 1 && !vertical.isPadded();
  }

  @Override
  public String title() {
    return pool == Pool.MAX ? "max pool" : "average pool";
  }

  @Override
  public String summary() {
    String windows = vertical.kernel() + "×" + horizontal.kernel();
    // Windows side by side are the usual ones.
    if (isPlain() && vertical.stride() == vertical.kernel()) {
      return title() + " " + windows;
    }
    return title() + " " + Window.text(vertical, horizontal);
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return Window.over(inputs.get(0), inputs.get(0).channels(), vertical, horizontal);
  }

  @Override
  public boolean picksNumbers() {
    return pool == Pool.MAX;
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.same(inputs, inputs.get(0));
  }

  @Override
  public OptionalDouble ofConstant(double number) {
    // A window with gaps may see padding alone, of which it makes zero.
    boolean sees = vertical.dilation() == 1 && horizontal.dilation() == 1;
    return sees || number == 0 ? OptionalDouble.of(number) : OptionalDouble.empty();
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return inputs;
  }

  @Override
  public ExampleCost extraCost(List<Shape> inputs, Shape output) {
    double area = (double) vertical.kernel() * horizontal.kernel();
    return new ExampleCost(0, ExampleCost.SLOW * area * output.size());
  }
}
