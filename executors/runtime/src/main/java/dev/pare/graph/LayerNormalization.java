package dev.pare.graph;

import dev.pare.graph.Parameter.Role;
import java.util.List;

/**
 * Layer normalization (Ba, Kiros and Hinton 2016) over the channels of each place.
 *
 * @param epsilon added to the variance
 */
public record LayerNormalization(float epsilon) implements Layer {
  public LayerNormalization {
    Sizes.epsilon(epsilon);
  }

  @Override
  public String title() {
    return "layer normalization";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return inputs.get(0);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    int channels = inputs.get(0).channels();
    return List.of(
        Parameter.vector("gamma", Role.GAMMA, channels),
        Parameter.vector("beta", Role.BETA, channels));
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.FIXED;
  }
}
