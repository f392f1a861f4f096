package dev.pare.graph;

import java.util.List;
import java.util.OptionalDouble;

/** Its input without rows and columns at its sides. */
public record Crop(int top, int bottom, int left, int right) implements Layer {
  public Crop {
    for (int side : new int[] {top, bottom, left, right}) {
      if (side < 0) {
        throw new IllegalArgumentException("a crop by " + side + ": must be at least 0");
      }
    }
  }

  @Override
  public String title() {
    return "crop";
  }

  @Override
  public String summary() {
    return "crop %d+%d×%d+%d".formatted(top, bottom, left, right);
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = inputs.get(0);
    long height = (long) in.height() - top - bottom;
    long width = (long) in.width() - left - right;
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException("a %s leaves nothing of %s".formatted(summary(), in));
    }
    return new Shape(in.channels(), (int) height, (int) width);
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
    return OptionalDouble.of(number);
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return inputs;
  }
}
