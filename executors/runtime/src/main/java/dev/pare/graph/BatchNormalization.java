package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Parameter.Role;
import java.util.List;

/**
 * Batch normalization (Ioffe and Szegedy 2015), of each channel over batch, height and width; after
 * a dense layer, of each unit.
 *
 * @param epsilon added to the variance
 */
public record BatchNormalization(float epsilon, Activation activation) implements Layer {
  public BatchNormalization {
    Sizes.epsilon(epsilon);
    requireNonNull(activation, "activation is null");
  }

  @Override
  public String title() {
    return "batch normalization";
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
        Parameter.vector("beta", Role.BETA, channels),
        Parameter.vector("mean", Role.MEAN, channels),
        Parameter.vector("var", Role.VARIANCE, channels));
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.same(inputs, inputs.get(0));
  }

  @Override
  public Layer withActivation(Activation other) {
    return new BatchNormalization(epsilon, other);
  }
}
