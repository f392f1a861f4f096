package dev.pare.model;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.model.ReadGraph.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network of DL4J in Pare's terms, vertex by vertex: what Pare has a layer for becomes that, what
 * it has not is left to DL4J to run, and what neither can do is refused. Images with their channels
 * last become such with their channels first, and where they are flattened the weights of the next
 * dense layer change places.
 */
public final class Dl4jImport {
  private final ComputationGraph dl4j;
  private final InputShape input;
  private final ReadGraph graph;
  private final ActivationReader activations;
  private final LayerReader layers;
  private final VertexReader others;
  private final Network network;

  /** What each vertex makes, by its name. */
  private final Map<String, Value> values = new HashMap<>();

  /** The vertices on the way to the output, and how often each is read there. */
  private final Map<String, Integer> reads = new HashMap<>();

  /**
   * @param dl4j of one input and one output
   * @param input what the network reads
   * @throws IllegalArgumentException naming the first vertex that cannot be run
   */
  public Dl4jImport(ComputationGraph dl4j, InputShape input) {
    this.dl4j = dl4j;
    this.input = input;
    this.graph = new ReadGraph(dl4j, input);
    ComputationGraphConfiguration configuration = dl4j.getConfiguration();
    String output = configuration.getNetworkOutputs().get(0);
    findNeeded(output);
    this.activations = new ActivationReader(graph, ends(output));
    this.layers = new LayerReader(graph, activations);
    this.others = new VertexReader(graph);
    String entry = configuration.getNetworkInputs().get(0);
    graph.shared = isShared(entry);
    values.put(entry, graph.value());
    for (int index : dl4j.topologicalSortOrder()) {
      String name = dl4j.getVertices()[index].getVertexName();
      if (!name.equals(entry) && reads.containsKey(name)) {
        add(name);
      }
    }
    if (requireNonNull(values.get(output)).node() != graph.nodes.size() - 1) {
      throw new IllegalArgumentException(
          Dl4jJson.shown(output) + ": it must be the last of all layers that are run");
    }
    this.network = graph.network(input);
  }

  /** The network. */
  public Network network() {
    return network;
  }

  private void findNeeded(String output) {
    Deque<String> open = new ArrayDeque<>(List.of(output));
    reads.put(output, 0);
    while (!open.isEmpty()) {
      for (String source : sources(open.pop())) {
        if (reads.merge(source, 1, Integer::sum) == 1) {
          open.push(source);
        }
      }
    }
  }

  private List<String> sources(String name) {
    return dl4j.getConfiguration().getVertexInputs().getOrDefault(name, List.of());
  }

  private boolean isShared(String name) {
    return reads.getOrDefault(name, 0) > 1;
  }

  /** The vertices behind which nothing is computed. */
  private Set<String> ends(String output) {
    Set<String> ends = new HashSet<>();
    String name = output;
    ends.add(name);
    while (configuration(name) instanceof LayerVertex layer
        && isNothing(layer.getLayerConf().getLayer())) {
      name = sources(name).get(0);
      ends.add(name);
    }
    return ends;
  }

  private static boolean isNothing(org.deeplearning4j.nn.conf.layers.Layer layer) {
    return layer instanceof DropoutLayer
        || layer instanceof LossLayer loss
            && loss.getActivationFn().equals(new ActivationIdentity());
  }

  private void add(String name) {
    graph.vertex = name;
    GraphVertex operator = configuration(name);
    Object named =
        operator instanceof LayerVertex layer ? layer.getLayerConf().getLayer() : operator;
    try {
      List<Value> inputs = sources(name).stream().map(values::get).toList();
      graph.take(inputs.get(0));
      if (operator instanceof LayerVertex layer) {
        others.flatten(layer.getPreProcessor());
        layers.add(layer.getLayerConf().getLayer());
      } else {
        others.combine(operator, inputs);
      }
      graph.shared |= isShared(name);
      values.put(name, graph.value());
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "%s (%s): %s"
              .formatted(Dl4jJson.shown(name), named.getClass().getSimpleName(), e.getMessage()),
          e);
    }
  }

  private GraphVertex configuration(String name) {
    return requireNonNull(dl4j.getConfiguration().getVertices().get(name), name);
  }

  /**
   * The logits of DL4J's own network. Its softmax, if it has one, is removed by this call.
   *
   * @param inputs {@code [batch × features]}, raw: divided by the input's divisor here
   * @return {@code [batch × classes]}
   */
  public float[] logits(float[] inputs, int batch) {
    String softmax = activations.softmax();
    if (softmax != null) {
      removeSoftmax(dl4j.getLayer(softmax).conf().getLayer());
    }
    float[] divided = new float[inputs.length];
    for (int i = 0; i < divided.length; i++) {
      divided[i] = inputs[i] / input.divisor();
    }
    INDArray images =
        Nd4j.create(
            divided, new long[] {batch, input.channels(), input.height(), input.width()}, 'c');
    INDArray features =
        switch (graph.read) {
          case INPUT, VECTOR -> images.reshape('c', batch, input.size());
          case CHANNELS_FIRST -> images;
          case CHANNELS_LAST -> images.permute(0, 2, 3, 1).dup('c');
          case SEQUENCE ->
              images
                  .permute(0, 1, 3, 2)
                  .dup('c')
                  .reshape('c', batch, (long) input.channels() * input.width(), input.height());
        };
    return dl4j.outputSingle(features).dup('c').data().asFloat();
  }

  private static void removeSoftmax(org.deeplearning4j.nn.conf.layers.Layer last) {
    if (last instanceof ActivationLayer activation) {
      activation.setActivationFn(new ActivationIdentity());
    } else {
      ((BaseLayer) last).setActivationFn(new ActivationIdentity());
    }
  }
}
