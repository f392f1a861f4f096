package dev.pare.cli;

import dev.pare.graph.Architecture;
import dev.pare.graph.Node;
import dev.pare.graph.Shape;
import java.util.StringJoiner;

/** An architecture for people: {@code 1×28×28 → dense 300 relu → dense 10 softmax}. */
final class ArchitectureText {
  private ArchitectureText() {}

  static String of(Architecture architecture) {
    StringJoiner text = new StringJoiner(" → ");
    text.add(shape(architecture.outputShape(Node.NETWORK_INPUT)));
    for (int i = 0; i < architecture.nodes().size(); i++) {
      text.add(node(architecture.nodes().get(i), i));
    }
    return text.toString();
  }

  /** How large it is: {@code 2 layers, 238510 parameters, 238200 multiply-adds an example}. */
  static String size(Architecture architecture) {
    int layers = architecture.nodes().size();
    long products = architecture.products();
    return "%d %s, %d parameters, %d multiply-adds an example%s"
        .formatted(
            layers,
            layers == 1 ? "layer" : "layers",
            architecture.parameters(),
            architecture.multiplyAdds(),
            products == 0 ? "" : ", " + products + " of these of two activations");
  }

  private static String node(Node node, int index) {
    StringBuilder text = new StringBuilder(node.layer().summary());
    int first = node.inputs().get(0);
    if (first != index - 1) {
      text.append(" of ").append(name(first));
    }
    node.inputs().stream().skip(1).forEach(from -> text.append(" from ").append(name(from)));
    return text.toString();
  }

  private static String name(int node) {
    return node == Node.NETWORK_INPUT ? "the input" : "layer " + node;
  }

  private static String shape(Shape shape) {
    return shape.isPoint() ? String.valueOf(shape.channels()) : shape.toString();
  }
}
