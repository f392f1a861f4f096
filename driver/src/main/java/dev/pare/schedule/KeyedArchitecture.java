package dev.pare.schedule;

import dev.pare.graph.Activation;
import dev.pare.graph.InputShape;
import dev.pare.graph.Node;
import dev.pare.graph.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * An architecture as keys of trained teachers have it, which must not change with the types that
 * networks are made of: a teacher's seed follows from its key, and stores are found by it.
 */
final class KeyedArchitecture {
  private KeyedArchitecture() {}

  private record Architecture(InputShape input, List<Record> layers) {}

  private record Axis(int kernel, int stride, int padding) {}

  private record Convolution(int filters, Axis vertical, Axis horizontal, Activation activation) {}

  private record Pooling(dev.pare.graph.Pooling.Pool pool, int window, int stride) {}

  private record Shortcut(int from, Activation activation) {}

  private record SelfAttention(int heads, int width) {}

  static Record of(dev.pare.graph.Architecture architecture) {
    List<Record> layers = new ArrayList<>();
    for (int i = 0; i < architecture.nodes().size(); i++) {
      layers.add(layer(architecture.nodes().get(i), i));
    }
    return new Architecture(architecture.input(), layers);
  }

  /** A layer in its form of a chain; a node where it has none. */
  private static Record layer(Node node, int index) {
    boolean next = node.inputs().get(0) == index - 1;
    boolean alone = next && node.inputs().size() == 1;
    if (alone && node.layer() instanceof dev.pare.graph.Convolution c && c.isPlain()) {
      return new Convolution(c.filters(), axis(c.vertical()), axis(c.horizontal()), c.activation());
    }
    if (alone && node.layer() instanceof dev.pare.graph.Pooling p && p.isPlain()) {
      return new Pooling(p.pool(), p.vertical().kernel(), p.vertical().stride());
    }
    if (alone
        && node.layer() instanceof dev.pare.graph.SelfAttention a
        && a.biases() == dev.pare.graph.SelfAttention.Biases.NONE) {
      return new SelfAttention(a.heads(), a.width());
    }
    if (next && node.layer() instanceof dev.pare.graph.Shortcut s) {
      return new Shortcut(node.inputs().get(1), s.activation());
    }
    return alone && node.layer() instanceof Record layer ? layer : node;
  }

  private static Axis axis(Window window) {
    return new Axis(window.kernel(), window.stride(), window.before());
  }
}
