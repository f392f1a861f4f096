package dev.pare.graph;

import java.util.List;
import java.util.OptionalDouble;

/** Rows and columns of zeros around its input. */
public record ZeroPadding(int top, int bottom, int left, int right) implements Layer {
  public ZeroPadding {
    for (int side : new int[] {top, bottom, left, right}) {
      if (side < 0 || side > 1 << 16) {
        throw new IllegalArgumentException(
            "padding = " + side + ": must be at least 0 and at most " + (1 << 16));
      }
    }
  }

  @Override
  public String title() {
    return "zero padding";
  }

  @Override
  public String summary() {
    return "zero padding %d+%d×%d+%d".formatted(top, bottom, left, right);
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = inputs.get(0);
    return new Shape(
        in.channels(),
        Math.addExact(in.height(), top + bottom),
        Math.addExact(in.width(), left + right));
  }

  @Override
  public boolean picksNumbers() {
    return true;
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.same(inputs, inputs.get(0));
  }

  @Override
  public OptionalDouble ofConstant(double number) {
    return number == 0 ? OptionalDouble.of(0) : OptionalDouble.empty();
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return inputs;
  }
}
