package dev.pare.factorize;

import static java.util.Objects.requireNonNull;

import dev.pare.data.Examples;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Embedding;
import dev.pare.graph.Gru;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.SelfAttention;
import dev.pare.sparsify.UnsupportedNetworkException;
import dev.pare.train.LayerInputs;
import dev.pare.train.LayerInputs.Moments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What weights are multiplied by while a network answers some examples, inside of layers, too: of
 * an LSTM or GRU what its units made a step before, of attention the values' weighted sums.
 */
final class WeightInputs {
  /** Of attention's tensors, the one that reads the values' weighted sums. */
  private static final int OUTPUT = 3;

  private final Network network;
  private final Examples examples;
  private final LayerInputs inputs;

  /** Those asked for last, which are asked for twice. */
  private @Nullable ParameterTensor last;

  private @Nullable Moments ofLast;

  WeightInputs(Network network, Examples examples) {
    this.network = network;
    this.examples = examples;
    this.inputs = new LayerInputs(network.architecture(), examples);
  }

  /**
   * The moments of what one weight tensor is multiplied by. Those of attention and GRUs, which have
   * no biases to make up for the mean of all rows, are not about it.
   *
   * @param index which it is of its layer's weight tensors
   */
  Moments of(ParameterTensor tensor, int index) {
    if (!tensor.equals(last)) {
      ofLast = moments(tensor, index);
      last = tensor;
    }
    return requireNonNull(ofLast, "ofLast");
  }

  private Moments moments(ParameterTensor tensor, int index) {
    int layer = tensor.layer();
    float[] parameters = network.parameters();
    Layer of = network.architecture().layers().get(layer);
    if (of instanceof Dense || of instanceof Convolution || of instanceof Embedding) {
      return inputs.moments(parameters, layer);
    }
    if (of instanceof Lstm lstm) {
      return stepMoments(tensor, index, new Lstm(lstm.units(), Lstm.Steps.ALL));
    }
    if (of instanceof Gru gru) {
      return stepMoments(tensor, index, new Gru(gru.units(), Lstm.Steps.ALL)).aboutZero();
    }
    if (of instanceof SelfAttention) {
      return (index < 3 ? inputs.placeMoments(parameters, layer) : sumMoments(layer)).aboutZero();
    }
    throw new IllegalArgumentException("no weights to factorize: " + tensor.name());
  }

  /**
   * Of what a recurrent layer reads: its input at all steps, or its units' outputs at all but the
   * last.
   *
   * @param whole the layer as one that makes all steps
   */
  private Moments stepMoments(ParameterTensor tensor, int index, Layer whole) {
    int layer = tensor.layer();
    int steps = network.architecture().inputShape(layer).height();
    return index == 0
        ? inputs.lineMoments(network.parameters(), layer, steps)
        : unitMoments(layer, tensor.columns(), whole, steps - 1);
  }

  private Moments unitMoments(int layer, int units, Layer whole, int steps) {
    if (steps == 0) {
      return new Moments(new double[units], new double[units * units]);
    }
    Network probe = upTo(layer, whole);
    return new LayerInputs(probe.architecture(), examples)
        .lineMoments(probe.parameters(), probe.architecture().layers().size() - 1, steps);
  }

  /**
   * Of the values' weighted sums: what attention makes if it hands them on as they are.
   *
   * @throws UnsupportedNetworkException if it has more of them than it makes numbers
   */
  private Moments sumMoments(int layer) {
    Network probe = upTo(layer, network.architecture().layers().get(layer));
    int end = probe.architecture().layers().size() - 1;
    List<ParameterTensor> own = probe.architecture().tensors(end - 1);
    ParameterTensor output = own.get(OUTPUT);
    int sums = output.columns();
    if (sums > output.rows()) {
      throw new UnsupportedNetworkException(
          "factorize = als: the heads of layer %d, self-attention, have %d numbers, more than the %d channels that can be fitted"
              .formatted(layer, sums, output.rows()));
    }
    Arrays.fill(probe.parameters(), output.offset(), output.end(), 0);
    for (int i = 0; i < sums; i++) {
      probe.parameters()[output.offset() + i * sums + i] = 1;
    }
    if (own.size() > OUTPUT + 1) {
      ParameterTensor biases = own.get(own.size() - 1);
      Arrays.fill(probe.parameters(), biases.offset(), biases.end(), 0);
    }
    Moments all =
        new LayerInputs(probe.architecture(), examples).placeMoments(probe.parameters(), end);
    double[] covariance = new double[sums * sums];
    for (int i = 0; i < sums; i++) {
      System.arraycopy(all.covariance(), i * output.rows(), covariance, i * sums, sums);
    }
    return new Moments(Arrays.copyOf(all.mean(), sums), covariance);
  }

  /** What a layer needs, another in its place of as many parameters, and an end that reads it. */
  private Network upTo(int layer, Layer last) {
    Architecture whole = network.architecture();
    boolean[] needed = new boolean[layer + 1];
    needed[layer] = true;
    for (int i = layer; i >= 0; i--) {
      if (needed[i]) {
        whole.nodes().get(i).inputs().stream()
            .filter(from -> from != Node.NETWORK_INPUT)
            .forEach(from -> needed[from] = true);
      }
    }
    int[] moved = new int[layer + 1];
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i <= layer; i++) {
      moved[i] = nodes.size();
      if (needed[i]) {
        Node node = whole.nodes().get(i).moved(index -> moved[index]);
        nodes.add(i == layer ? node.with(last) : node);
      }
    }
    nodes.add(Node.of(new Dense(1, Activation.SOFTMAX), nodes.size() - 1));
    Architecture architecture = new Architecture(whole.input(), nodes);
    float[] parameters = new float[architecture.parameters()];
    int at = 0;
    for (ParameterTensor tensor : whole.tensors()) {
      if (tensor.layer() <= layer && needed[tensor.layer()]) {
        System.arraycopy(network.parameters(), tensor.offset(), parameters, at, tensor.size());
        at += tensor.size();
      }
    }
    return new Network(architecture, parameters);
  }
}
