package dev.pare.onnx;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

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
    List<OnnxNode> nodes =
        graph.nodes().stream().map(node -> replaced.getOrDefault(node, node)).toList();
    return new Graph(
        graph.opset(),
        graph.inputs(),
        graph.output(),
        graph.initializers(),
        GraphReader.needed(nodes, graph.output()));
  }
}
