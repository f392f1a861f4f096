package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** The largest or the mean of all channels of each place. */
public record ChannelPooling(Pooling.Pool pool) implements Layer {
  public ChannelPooling {
    requireNonNull(pool, "pool is null");
  }

  @Override
  public String title() {
    return (pool == Pooling.Pool.MAX ? "max" : "mean") + " of channels";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    return new Shape(1, inputs.get(0).height(), inputs.get(0).width());
  }

  @Override
  public boolean picksNumbers() {
    return pool == Pooling.Pool.MAX;
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.FIXED;
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return inputs;
  }
}
