package dev.pare.factorize;

import dev.pare.model.Architecture;
import dev.pare.model.InputShape;
import dev.pare.model.Layer;
import dev.pare.model.Network;
import java.util.ArrayList;
import java.util.List;

/** A network in the making, of which a layer may stand for one of another network, or two may. */
final class LayerList {
  private final List<Layer> layers = new ArrayList<>();
  private final List<float[]> tensors = new ArrayList<>();

  /** For each layer of the other network, which layer's output its own is now. */
  private final List<Integer> ends = new ArrayList<>();

  /** Adds a layer; a shortcut in the other network's indices. */
  void add(Layer layer, List<float[]> values) {
    layers.add(
        layer instanceof Layer.Shortcut shortcut
            ? new Layer.Shortcut(ends.get(shortcut.from()), shortcut.activation())
            : layer);
    tensors.addAll(values);
  }

  /** What was added last stands for the other network's next layer. */
  void endOriginal() {
    ends.add(layers.size() - 1);
  }

  Network network(InputShape input) {
    Architecture architecture = new Architecture(input, layers);
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
