package dev.pare.graph;

import dev.pare.graph.Parameter.Role;
import java.util.List;

/** x, or a·x below zero, with a learnt slope a for each channel (He et al. 2015). */
public record Prelu() implements Layer {
  @Override
  public String title() {
    return "PReLU";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return inputs.get(0);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    return List.of(Parameter.vector("slope", Role.SLOPE, inputs.get(0).channels()));
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.same(inputs, inputs.get(0));
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return inputs;
  }
}
