package dev.pare.structure;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.SparseActivation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The ReLUs of a network's hidden layers, to be exchanged for sparse activations. */
public final class HiddenActivations {
  private static final Layer RELU = Elementwise.of(Elementwise.Function.RELU);

  private HiddenActivations() {}

  /** The layers that are or end in a ReLU, from the input on. */
  public static List<Integer> rectified(Architecture architecture) {
    return IntStream.range(0, architecture.layers().size())
        .filter(i -> isRectified(architecture.layers().get(i)))
        .boxed()
        .toList();
  }

  /**
   * The network with a layer of its own in place of each ReLU. Its parameters stay as they are, and
   * what read a ReLU reads the new layers.
   *
   * @param chosen the new layer for each of {@link #rectified}
   */
  public static Network exchange(Network network, IntFunction<SparseActivation> chosen) {
    return new Network(exchange(network.architecture(), chosen), network.parameters());
  }

  /** The same of an architecture. */
  public static Architecture exchange(
      Architecture architecture, IntFunction<SparseActivation> chosen) {
    List<Node> nodes = new ArrayList<>();
    // Where each layer's output comes from now.
    int[] moved = new int[architecture.layers().size()];
    for (int i = 0; i < moved.length; i++) {
      Node node = architecture.nodes().get(i).moved(index -> moved[index]);
      if (node.layer().equals(RELU)) {
        nodes.add(node.with(chosen.apply(i)));
      } else if (isRectified(node.layer())) {
        nodes.add(node.with(node.layer().withActivation(Activation.IDENTITY)));
        nodes.add(Node.of(chosen.apply(i), nodes.size() - 1));
      } else {
        nodes.add(node);
      }
      moved[i] = nodes.size() - 1;
    }
    return new Architecture(architecture.input(), nodes);
  }

  /**
   * The index that the new layer in place of a ReLU has.
   *
   * @param rectified one of {@link #rectified}
   */
  public static int exchanged(Architecture architecture, int rectified) {
    // Behind those that end in one, there is a layer more.
    return rectified
        + (int)
            architecture.layers().subList(0, rectified + 1).stream()
                .filter(layer -> isRectified(layer) && !layer.equals(RELU))
                .count();
  }

  private static boolean isRectified(Layer layer) {
    return layer.activation() == Activation.RELU || layer.equals(RELU);
  }
}
