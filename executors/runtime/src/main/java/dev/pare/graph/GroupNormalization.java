package dev.pare.graph;

import dev.pare.graph.Parameter.Role;
import java.util.List;

/**
 * Group normalization (Wu and He 2018): of each example, over the places of as many neighbouring
 * channels in each group; or over those of each channel, which is instance normalization (Ulyanov
 * et al. 2016).
 *
 * @param groups how many there are; 0 for one of each channel
 * @param epsilon added to the variance
 */
public record GroupNormalization(int groups, float epsilon) implements Layer {
  public GroupNormalization {
    if (groups < 0) {
      throw new IllegalArgumentException("groups = " + groups + ": must be at least 0");
    }
    Sizes.epsilon(epsilon);
  }

  @Override
  public String title() {
    return groups == 0 ? "instance normalization" : "group normalization";
  }

  @Override
  public String summary() {
    return title() + (groups == 0 ? "" : " in " + groups + (groups == 1 ? " group" : " groups"));
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = inputs.get(0);
    if (in.channels() % groupsOf(in.channels()) != 0) {
      throw new IllegalArgumentException(in.channels() + " channels for " + groups + " groups");
    }
    return in;
  }

  /** How many groups there are of so many channels. */
  public int groupsOf(int channels) {
    return groups == 0 ? channels : groups;
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
    // A channel of a larger group is part of what the others are divided by.
    return groups == 0 ? ChannelFlow.same(inputs, inputs.get(0)) : ChannelFlow.FIXED;
  }

  @Override
  public ExampleCost extraCost(List<Shape> inputs, Shape output) {
    return new ExampleCost(output.size(), 0);
  }
}
