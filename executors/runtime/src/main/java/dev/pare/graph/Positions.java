package dev.pare.graph;

import java.util.List;

/** Adds a learnt number to each of its input's, which tells places apart. */
public record Positions() implements Layer {
  @Override
  public String title() {
    return "positions";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return inputs.get(0);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    return List.of(Parameter.bias(inputs.get(0).size()));
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.FIXED;
  }
}
