package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * A layer in its network.
 *
 * @param layer what it does
 * @param inputs indices of the nodes whose outputs it reads, in the layer's order; {@link
 *     #NETWORK_INPUT} for what the network itself reads
 */
public record Node(Layer layer, List<Integer> inputs) implements Step, Serializable {
  /** Stands for the network's input where a node's index is asked for. */
  public static final int NETWORK_INPUT = -1;

  public Node {
    requireNonNull(layer, "layer is null");
    inputs = List.copyOf(inputs);
  }

  /** A layer that reads these nodes. */
  public static Node of(Layer layer, int... inputs) {
    return new Node(layer, IntStream.of(inputs).boxed().toList());
  }

  /** The same layer where nodes have other indices. */
  public Node moved(IntUnaryOperator index) {
    return new Node(
        layer,
        inputs.stream()
            .map(i -> i == NETWORK_INPUT ? NETWORK_INPUT : index.applyAsInt(i))
            .toList());
  }

  /** Another layer in its place. */
  public Node with(Layer other) {
    return new Node(other, inputs);
  }

  @Override
  public Node at(int index) {
    return this;
  }
}
