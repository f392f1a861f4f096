package dev.pare.export;

import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;
import dev.pare.train.LayerInputs;
import java.util.ArrayList;
import java.util.List;

/** What a layer in the midst of a network makes. */
final class LayerOutputs {
  private LayerOutputs() {}

  /**
   * A layer's output, {@code [example][channel][y][x]}.
   *
   * @param layer any but the last
   */
  static float[] of(Network network, int layer, Examples examples) {
    Architecture architecture = network.architecture();
    boolean[] needed = new boolean[layer + 1];
    needed[layer] = true;
    for (int i = layer; i >= 0; i--) {
      for (int from : architecture.nodes().get(i).inputs()) {
        if (needed[i] && from != Node.NETWORK_INPUT) {
          needed[from] = true;
        }
      }
    }
    int[] index = new int[layer + 1];
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i <= layer; i++) {
      if (needed[i]) {
        index[i] = nodes.size();
        nodes.add(architecture.nodes().get(i).moved(from -> index[from]));
      }
    }
    // Networks end with vectors; what is looked at is what this layer reads.
    Shape shape = architecture.outputShape(layer);
    int last = nodes.size();
    nodes.add(
        Node.of(
            new Pooling(
                Pooling.Pool.AVERAGE,
                new Window(shape.height(), 1, 0),
                new Window(shape.width(), 1, 0)),
            last - 1));
    Architecture part = new Architecture(architecture.input(), nodes);
    float[] parameters = new float[part.parameters()];
    int to = 0;
    for (ParameterTensor tensor : architecture.tensors()) {
      if (tensor.layer() <= layer && needed[tensor.layer()]) {
        System.arraycopy(network.parameters(), tensor.offset(), parameters, to, tensor.size());
        to += tensor.size();
      }
    }
    return new LayerInputs(part, examples).all(parameters, last);
  }
}
