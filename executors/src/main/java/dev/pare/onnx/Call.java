package dev.pare.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node with what it reads.
 *
 * @param inputs null where one is left out
 * @param lookups which values are tokens
 * @param builder what there is of the network so far
 */
record Call(
    Graph graph,
    OnnxNode node,
    List<@Nullable Value> inputs,
    Lookups lookups,
    NetworkBuilder builder) {
  boolean has(int index) {
    return index < inputs.size() && inputs.get(index) != null;
  }

  /**
   * An input.
   *
   * @throws OnnxException if it is left out
   */
  Value input(int index) {
    Value value = index < inputs.size() ? inputs.get(index) : null;
    if (value == null) {
      throw new OnnxException("its input %d is left out".formatted(index));
    }
    return value;
  }

  /**
   * A constant input.
   *
   * @throws OnnxException if it depends on the network's input
   */
  Tensor constant(int index) {
    Value value = input(index);
    if (value instanceof Tensor tensor) {
      return tensor;
    }
    throw new OnnxException("its input %d must be a constant".formatted(index));
  }

  /**
   * An input that depends on the network's.
   *
   * @throws OnnxException if it does not
   */
  Flow flow(int index) {
    Value value = input(index);
    if (value instanceof Tensor) {
      throw new OnnxException("its input %d must not be a constant".formatted(index));
    }
    return builder.joins().made(value);
  }

  /** Numbers from an attribute, or from an input in later opsets; null if there are none. */
  long @Nullable [] settings(String attribute, int input) {
    if (node.wholes(attribute).isPresent()) {
      return node.wholes(attribute).get().stream().mapToLong(Long::longValue).toArray();
    }
    return has(input) ? constant(input).wholes() : null;
  }

  /**
   * The same where there have to be some.
   *
   * @throws OnnxException if there are none
   */
  long[] required(String attribute, int input) {
    long[] values = settings(attribute, input);
    if (values == null) {
      throw new OnnxException("it has no " + attribute);
    }
    return values;
  }

  /** Whether the network ends here. */
  boolean isLast() {
    return node.outputs().get(0).equals(graph.output());
  }
}
