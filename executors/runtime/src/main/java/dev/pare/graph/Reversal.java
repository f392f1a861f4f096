package dev.pare.graph;

import java.util.List;
import java.util.OptionalDouble;

/** The rows of its input, the last one first: the steps of a sequence as it is read backwards. */
public record Reversal() implements Layer {
  @Override
  public String title() {
    return "reversal";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return inputs.get(0);
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
