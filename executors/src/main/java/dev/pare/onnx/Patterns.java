package dev.pare.onnx;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What exporters write with several nodes, as the one operator that it is. */
final class Patterns {
  private Patterns() {}

  /** The graph with one node for each pattern, whose nodes go if nothing else reads them. */
  static Graph recognized(Graph graph) {
    Links links = new Links(graph);
    LayerNormalizationPattern normalizations = new LayerNormalizationPattern(links);
    FunctionPattern functions = new FunctionPattern(links);
    Map<OnnxNode, OnnxNode> replaced = new IdentityHashMap<>();
    for (OnnxNode node : graph.nodes()) {
      functions.endingWith(node).ifPresent(found -> replaced.put(node, found));
      normalizations.endingWith(node).ifPresent(found -> replaced.put(found.last(), found.node()));
    }
    if (replaced.isEmpty()) {
      return graph;
    }
    Deque<OnnxNode> nodes = new ArrayDeque<>();
    Set<String> needed = new HashSet<>(Set.of(graph.output()));
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      OnnxNode node = graph.nodes().get(i);
      OnnxNode now = replaced.getOrDefault(node, node);
      if (now.outputs().stream().anyMatch(needed::contains)) {
        nodes.addFirst(now);
        needed.addAll(now.inputs());
        needed.remove("");
      }
    }
    return new Graph(
        graph.opset(), graph.inputs(), graph.output(), graph.initializers(), List.copyOf(nodes));
  }
}
