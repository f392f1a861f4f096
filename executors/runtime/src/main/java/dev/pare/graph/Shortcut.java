package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * Adds its second input to its first, then applies the activation (He et al. 2016). Where the
 * second is larger, every s-th place of it counts, with the one stride s that gives the first's
 * height and width; where it has fewer channels, the further ones get nothing (their option A,
 * which has no parameters).
 */
public record Shortcut(Activation activation) implements Layer {
  public Shortcut {
    requireNonNull(activation, "activation is null");
  }

  /** A step that adds an earlier node's output to that of the node just before it. */
  public static Step from(int earlier, Activation activation) {
    return index -> {
      if (earlier >= index - 1) {
        throw new IllegalArgumentException(
            "layer %d: a shortcut from layer %d skips nothing".formatted(index, earlier));
      }
      return Node.of(new Shortcut(activation), index - 1, earlier);
    };
  }

  /** From how many rows and columns of the second input one is taken. */
  public static int stride(Shape first, Shape second) {
    return (second.height() - 1) / first.height() + 1;
  }

  @Override
  public String title() {
    return "shortcut";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    if (inputs.size() != 2) {
      throw new IllegalArgumentException("a shortcut of " + inputs.size() + " inputs: must be 2");
    }
    Shape first = inputs.get(0);
    Shape second = inputs.get(1);
    int stride = stride(first, second);
    if (second.channels() > first.channels()
        || (second.height() - 1) / stride + 1 != first.height()
        || (second.width() - 1) / stride + 1 != first.width()) {
      throw new IllegalArgumentException("a shortcut from " + second + " does not fit " + first);
    }
    return first;
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.same(inputs, inputs.get(0));
  }

  /** A channel that the second input lacks is that of the first. */
  @Override
  public OptionalDouble ofConstants(double... numbers) {
    return OptionalDouble.of(activation.of(DoubleStream.of(numbers).sum()));
  }

  @Override
  public Layer withActivation(Activation other) {
    return new Shortcut(other);
  }
}
