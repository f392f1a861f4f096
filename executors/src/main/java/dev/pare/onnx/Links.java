package dev.pare.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Which nodes of a graph make and read its values. */
final class Links {
  private final Graph graph;
  private final Map<String, OnnxNode> makers = new HashMap<>();
  private final Map<String, List<OnnxNode>> readers = new HashMap<>();

  Links(Graph graph) {
    this.graph = graph;
    for (OnnxNode node : graph.nodes()) {
      node.outputs().forEach(name -> makers.put(name, node));
      for (String name : new HashSet<>(node.inputs())) {
        readers.computeIfAbsent(name, n -> new ArrayList<>()).add(node);
      }
    }
  }

  /** The node that makes a value; null of inputs and constants. */
  @Nullable OnnxNode maker(String name) {
    return makers.get(name);
  }

  /** The node that reads a value, if it is the only one, and the value is not the output. */
  @Nullable OnnxNode onlyReader(String name) {
    List<OnnxNode> all = readers.getOrDefault(name, List.of());
    return all.size() == 1 && !name.equals(graph.output()) ? all.get(0) : null;
  }

  /** A constant of the file; null if it is none. */
  @Nullable Tensor constant(String name) {
    OnnxNode maker = makers.get(name);
    return maker != null && maker.operator().equals("Constant")
        ? maker.tensor("value").orElse(null)
        : graph.initializers().get(name);
  }

  /** A constant of one number. */
  OptionalDouble number(String name) {
    Tensor constant = constant(name);
    return constant != null && constant.size() == 1
        ? OptionalDouble.of(constant.number(0))
        : OptionalDouble.empty();
  }
}
