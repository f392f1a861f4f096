package dev.pare.factorize;

import dev.pare.graph.Architecture;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import java.util.ArrayList;
import java.util.List;

/** A network in the making, of which a layer may stand for one of another network, or two may. */
final class LayerList {
  private final Architecture original;
  private final List<Node> nodes = new ArrayList<>();
  private final List<float[]> tensors = new ArrayList<>();

  /** For each layer of the other network, which layer's output its own is now. */
  private final List<Integer> ends = new ArrayList<>();

  /** Whether the last layer that was added stands for a part of one. */
  private boolean within;

  LayerList(Architecture original) {
    this.original = original;
  }

  /** Adds a layer for the other network's next one, or after the last that was added for it. */
  void add(Layer layer, List<float[]> values) {
    nodes.add(
        within
            ? layer.at(nodes.size())
            : original.nodes().get(ends.size()).moved(ends::get).with(layer));
    within = true;
    tensors.addAll(values);
  }

  /** What was added last stands for the other network's next layer. */
  void endOriginal() {
    ends.add(nodes.size() - 1);
    within = false;
  }

  Network network() {
    Architecture architecture = new Architecture(original.input(), nodes);
    float[] parameters = new float[architecture.parameters()];
    int at = 0;
    for (float[] values : tensors) {
      System.arraycopy(values, 0, parameters, at, values.length);
      at += values.length;
    }
    if (at != parameters.length) {
      throw new IllegalStateException(at + " values for " + parameters.length + " parameters");
    }
    return new Network(architecture, parameters);
  }
}
