package dev.pare.onnx;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which values of a graph are tokens alone: all that reads them looks vectors up by them. Only
 * these may be rounded, as they are whole numbers anyway.
 */
final class Lookups {
  /** Operators whose outputs are tokens if their inputs are. */
  private static final Set<String> MOVING =
      Set.of(
          "Cast",
          "Concat",
          "Expand",
          "Flatten",
          "Gather",
          "Identity",
          "Reshape",
          "Slice",
          "Split",
          "Squeeze",
          "Transpose",
          "Unsqueeze");

  private final Set<String> others;

  private Lookups(Set<String> others) {
    this.others = others;
  }

  static Lookups of(Graph graph) {
    Set<String> others = new HashSet<>(Set.of(graph.output()));
    List<OnnxNode> nodes = graph.nodes();
    for (int n = nodes.size() - 1; n >= 0; n--) {
      OnnxNode node = nodes.get(n);
      if (Import.OF_SIDES.contains(node.operator())) {
        continue;
      }
      boolean moves =
          MOVING.contains(node.operator()) && node.outputs().stream().noneMatch(others::contains);
      for (int i = 0; i < node.inputs().size(); i++) {
        boolean index = node.operator().equals("Gather") && i == 1;
        if (!moves && !index) {
          others.add(node.inputs().get(i));
        }
      }
    }
    return new Lookups(others);
  }

  /** Whether vectors are looked up by a value, and nothing else is done with it. */
  boolean isToken(String name) {
    return !others.contains(name);
  }
}
