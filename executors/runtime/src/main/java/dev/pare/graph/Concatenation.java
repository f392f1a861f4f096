package dev.pare.graph;

import java.util.List;
import java.util.OptionalDouble;

/** The channels of its first input, then those of the next, and so on. */
public record Concatenation() implements Layer {
  @Override
  public String title() {
    return "concatenation";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape first = inputs.get(0);
    int channels = 0;
    for (Shape input : inputs) {
      if (input.height() != first.height() || input.width() != first.width()) {
        throw new IllegalArgumentException(input + " and " + first + " cannot be concatenated");
      }
      channels = Math.addExact(channels, input.channels());
    }
    return new Shape(channels, first.height(), first.width());
  }

  @Override
  public boolean picksNumbers() {
    return true;
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.concatenated(inputs);
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
