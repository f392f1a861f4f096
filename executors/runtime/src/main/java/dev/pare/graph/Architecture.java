package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;

/**
 * A network without its parameters: a directed acyclic graph of layers. The last node's output is
 * the network's, with a single place; its channels are numbers, or logits, one a class, whose
 * softmax a dense last layer may have for its activation.
 *
 * <p>Immutable. Two are equal if they read the same and have equal nodes.
 */
public final class Architecture implements Serializable {
  /** Most layers a network may have. */
  public static final int MOST_LAYERS = 4096;

  /** Most parameters of layers that are held as products: a GiB where they are put together. */
  private static final long MOST_PUT_TOGETHER = 1 << 28;

  private final InputShape input;
  private final List<Node> nodes;
  private final List<Layer> layers;
  private final List<Shape> outputs;

  /** Of the network's input, then of each node. */
  private final List<List<Integer>> readers;

  private final List<ParameterTensor> tensors;
  private final ExampleCost cost;

  /**
   * @param input what it reads
   * @param steps from input to output, at least one; a layer reads what the one before it makes
   * @throws IllegalArgumentException naming the first layer that does not fit
   */
  public Architecture(InputShape input, List<? extends Step> steps) {
    this.input = requireNonNull(input, "input is null");
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a network needs at least one layer");
    }
    if (steps.size() > MOST_LAYERS) {
      throw new IllegalArgumentException(steps.size() + " layers: must be at most " + MOST_LAYERS);
    }
    List<Node> placed = new ArrayList<>(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      placed.add(steps.get(i).at(i));
    }
    this.nodes = List.copyOf(placed);
    this.layers = nodes.stream().map(Node::layer).toList();
    this.outputs = new ArrayList<>(nodes.size());
    checkActivations();
    // First, as a window that fits has no more numbers than the shape it is laid on.
    for (int i = 0; i < nodes.size(); i++) {
      outputs.add(output(i));
    }
    checkOutput();
    checkTokens();
    checkSelections();
    this.readers = findReaders();
    List<ParameterTensor> found = new ArrayList<>();
    this.cost = place(found);
    this.tensors = List.copyOf(found);
  }

  private void checkActivations() {
    Layer last = layers.get(layers.size() - 1).whole();
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).activation() == Activation.SOFTMAX
          && (i < layers.size() - 1 || !(last instanceof Dense))) {
        throw new IllegalArgumentException(
            "layer " + i + ": softmax is the activation of a dense last layer alone");
      }
    }
  }

  private void checkOutput() {
    int last = nodes.size() - 1;
    if (!outputs.get(last).isPoint()) {
      throw new IllegalArgumentException(
          "layer %d: the last layer must make one number an output, not %s (%s)"
              .formatted(last, outputs.get(last), layers.get(last).title()));
    }
  }

  /** Only the input has tokens, and nothing may have changed them. */
  private void checkTokens() {
    for (int i = 0; i < nodes.size(); i++) {
      if (layers.get(i).vocabulary().isEmpty()) {
        continue;
      }
      if (input.divisor() != 1) {
        throw new IllegalArgumentException(
            "layer %d: %s reads tokens as they are, but the input is divided by %s: data.divisor must be 1"
                .formatted(i, layers.get(i).title(), input.divisor()));
      }
      int source = source(i);
      while (source != Node.NETWORK_INPUT && layers.get(source) instanceof ChannelSelection) {
        source = source(source);
      }
      if (source != Node.NETWORK_INPUT) {
        throw new IllegalArgumentException(
            "layer %d: %s reads layer %d, which makes no tokens: only the input has them"
                .formatted(i, layers.get(i).title(), source));
      }
    }
  }

  /** They are held one by one, and cost nothing else that would bound them. */
  private void checkSelections() {
    long channels = 0;
    for (Layer layer : layers) {
      channels += layer instanceof ChannelSelection selection ? selection.channels().size() : 0;
    }
    if (channels > ChannelSelection.MOST_CHANNELS) {
      throw new IllegalArgumentException(
          "its selections take %d channels, more than %d"
              .formatted(channels, ChannelSelection.MOST_CHANNELS));
    }
  }

  private Shape output(int index) {
    Node node = nodes.get(index);
    if (node.inputs().isEmpty()) {
      throw new IllegalArgumentException("layer " + index + " reads nothing");
    }
    for (int from : node.inputs()) {
      if (from < Node.NETWORK_INPUT || from >= index) {
        throw new IllegalArgumentException(
            "layer " + index + " reads layer " + from + ", which does not come before it");
      }
    }
    return in(index, () -> node.layer().output(inputShapes(index)));
  }

  /** Finds where parameters lie, and what an example costs. */
  private ExampleCost place(List<ParameterTensor> tensors) {
    ExampleCost all = ExampleCost.of(input);
    long parameters = 0;
    long putTogether = 0;
    for (int i = 0; i < nodes.size(); i++) {
      int index = i;
      Layer layer = layers.get(i);
      List<Shape> inputs = inputShapes(i);
      all = all.plus(in(i, () -> ExampleCost.of(layer, inputs, outputs.get(index))));
      all.check(i);
      if (layer != layer.whole()) {
        for (Parameter whole : layer.whole().parameters(inputs)) {
          putTogether += whole.size();
        }
        if (putTogether > MOST_PUT_TOGETHER) {
          throw new IllegalArgumentException(
              "layer %d: factored layers of more than %d parameters as put together"
                  .formatted(i, MOST_PUT_TOGETHER));
        }
      }
      for (Parameter parameter : in(i, () -> layer.parameters(inputs))) {
        if (parameters + parameter.size() > Parameter.MOST) {
          throw Parameter.tooMany();
        }
        tensors.add(new ParameterTensor(parameter, i, (int) parameters));
        parameters += parameter.size();
      }
    }
    return all;
  }

  private interface Answer<T> {
    T get();
  }

  /** What a layer answers, or where it is that it does not fit. */
  private static <T> T in(int index, Answer<T> answer) {
    try {
      return answer.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("layer " + index + ": " + e.getMessage(), e);
    }
  }

  private List<List<Integer>> findReaders() {
    List<List<Integer>> found = new ArrayList<>();
    found.add(new ArrayList<>());
    nodes.forEach(node -> found.add(new ArrayList<>()));
    for (int i = 0; i < nodes.size(); i++) {
      for (int from : nodes.get(i).inputs()) {
        found.get(from + 1).add(i);
      }
    }
    for (int i = 0; i < nodes.size() - 1; i++) {
      if (found.get(i + 1).isEmpty()) {
        throw new IllegalArgumentException("layer " + i + ": its output is not used");
      }
    }
    return found;
  }

  /** What it reads. */
  public InputShape input() {
    return input;
  }

  /** Its layers with what they read, each after those. */
  public List<Node> nodes() {
    return nodes;
  }

  /** Its layers, each after those whose outputs it reads. */
  public List<Layer> layers() {
    return layers;
  }

  /** Shape of what a layer makes. */
  public Shape outputShape(int layer) {
    return layer == Node.NETWORK_INPUT
        ? new Shape(input.channels(), input.height(), input.width())
        : outputs.get(layer);
  }

  /** Shapes of all that a layer reads. */
  public List<Shape> inputShapes(int layer) {
    return nodes.get(layer).inputs().stream().map(this::outputShape).toList();
  }

  /** Shape of the first that a layer reads. */
  public Shape inputShape(int layer) {
    return outputShape(source(layer));
  }

  /** The node whose output a layer reads first. */
  public int source(int layer) {
    return nodes.get(layer).inputs().get(0);
  }

  /**
   * The nodes that read a layer's output, or the network's input, ascending; one that reads it
   * twice is there twice.
   */
  public List<Integer> readers(int layer) {
    return List.copyOf(readers.get(layer + 1));
  }

  /** Whether the next layer is all that reads a layer's output. */
  public boolean leadsOn(int layer) {
    return readers.get(layer + 1).equals(List.of(layer + 1));
  }

  /**
   * The layers with weights whose units are the network's outputs, as they are or behind pooling,
   * sums and the like: of a network that ends with a dense layer, that one.
   */
  public Set<Integer> outputLayers() {
    boolean[] leads = new boolean[nodes.size()];
    leads[leads.length - 1] = true;
    Set<Integer> found = new TreeSet<>();
    for (int i = leads.length - 1; i >= 0; i--) {
      if (!leads[i]) {
        continue;
      }
      if (tensors(i).stream().anyMatch(ParameterTensor::isWeight)) {
        found.add(i);
      }
      // What only moves or joins numbers has no units of its own.
      if (flow(i).isDirect() || tensors(i).isEmpty()) {
        nodes.get(i).inputs().stream()
            .filter(from -> from != Node.NETWORK_INPUT)
            .forEach(from -> leads[from] = true);
      }
    }
    return found;
  }

  /** How a layer's output channels follow from those that it reads. */
  public ChannelFlow flow(int layer) {
    return layers.get(layer).flow(inputShapes(layer));
  }

  /** Activation of the last layer: a softmax only of a dense one that tells classes apart. */
  public Activation output() {
    return layers.get(layers.size() - 1).whole().activation();
  }

  /** How many outputs it has: the classes that it tells apart, or the numbers that it predicts. */
  public int outputs() {
    return outputShape(nodes.size() - 1).size();
  }

  /** The map of the flat parameters, layer by layer. */
  public List<ParameterTensor> tensors() {
    return tensors;
  }

  /** The tensors of weights, from input to output. */
  public List<ParameterTensor> weights() {
    return tensors.stream().filter(ParameterTensor::isWeight).toList();
  }

  /** The tensors of one layer. */
  public List<ParameterTensor> tensors(int layer) {
    return tensors.stream().filter(tensor -> tensor.layer() == layer).toList();
  }

  /**
   * How often a weight is multiplied for one example: a convolution's and attention's at each
   * place, its padding included, an LSTM's at each step.
   *
   * @param weight a tensor of weights
   */
  public long uses(ParameterTensor weight) {
    if (!weight.isWeight()) {
      throw new IllegalArgumentException("no weights: " + weight);
    }
    int layer = weight.layer();
    return layers.get(layer).uses(inputShapes(layer), outputs.get(layer));
  }

  /**
   * Multiplications, each with an addition, on one example's way through: of weights by what their
   * layers read, and those of {@link #products}.
   */
  public long multiplyAdds() {
    long all = products();
    for (ParameterTensor tensor : tensors) {
      if (tensor.isWeight()) {
        all += uses(tensor) * tensor.size();
      }
    }
    return all;
  }

  /** Multiplications of two numbers that both depend on the example, each with an addition. */
  public long products() {
    long all = 0;
    for (int layer = 0; layer < layers.size(); layer++) {
      all += layers.get(layer).products(inputShapes(layer), outputs.get(layer));
    }
    return all;
  }

  /**
   * How many tokens there are at each feature, of which the numbers from 0 on are read; 0 where any
   * number may be.
   */
  public int[] vocabularies() {
    return Vocabularies.of(this);
  }

  /** What one example takes on its way through. */
  public ExampleCost cost() {
    return cost;
  }

  /** How many parameters it has, biases included. */
  public int parameters() {
    return tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end();
  }

  /**
   * The same graph with other layers in their places.
   *
   * @param layer the new one of an index
   */
  public Architecture with(IntFunction<Layer> layer) {
    List<Node> changed = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      changed.add(nodes.get(i).with(layer.apply(i)));
    }
    return new Architecture(input, changed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Architecture a && input.equals(a.input) && nodes.equals(a.nodes);
  }

  @Override
  public int hashCode() {
    return 31 * input.hashCode() + nodes.hashCode();
  }

  @Override
  public String toString() {
    return input + " " + nodes;
  }
}
