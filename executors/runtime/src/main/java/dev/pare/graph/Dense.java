package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Parameter.Axis;
import java.util.List;

/** Fully connected; a spatial input is flattened channel-major. */
public record Dense(int units, Activation activation) implements Layer {
  public Dense {
    Sizes.atLeastOne("units", units);
    requireNonNull(activation, "activation is null");
  }

  @Override
  public String title() {
    return "dense";
  }

  @Override
  public String summary() {
    return "dense " + units + activation.suffix();
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return new Shape(units, 1, 1);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    return List.of(
        Parameter.weight("W", units, Axis.OUTPUTS, inputs.get(0).size(), Axis.INPUTS),
        Parameter.bias(units));
  }

  @Override
  public int factorable() {
    return 1;
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.MIXED;
  }

  @Override
  public boolean addsConstants() {
    return true;
  }

  @Override
  public Layer reduced(List<int[]> inputs, int[] outputs) {
    return new Dense(outputs.length, activation);
  }

  @Override
  public Layer withActivation(Activation other) {
    return new Dense(units, other);
  }
}
