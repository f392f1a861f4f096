package dev.pare.factorize;

import static java.util.Objects.requireNonNull;

import dev.pare.data.Examples;
import dev.pare.model.Activation;
import dev.pare.model.Architecture;
import dev.pare.model.Architecture.Shape;
import dev.pare.model.Layer;
import dev.pare.model.Network;
import dev.pare.model.ParameterTensor;
import dev.pare.train.LayerInputs;
import dev.pare.train.LayerInputs.Moments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What weights are multiplied by while a network answers some examples, inside of layers, too: of
 * an LSTM what its units said a step before, of attention the values' weighted sums.
 */
final class WeightInputs {
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
   * The moments of what one weight tensor is multiplied by. Those of attention, which has no biases
   * to make up for a mean, are not about it.
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
    Shape shape = network.architecture().shapes().get(layer);
    return switch (network.architecture().layers().get(layer).kind()) {
      case DENSE, CONVOLUTION -> inputs.moments(parameters, layer);
      case LSTM ->
          index == 0
              ? inputs.lineMoments(parameters, layer, shape.height())
              : unitMoments(layer, tensor.columns(), shape.height() - 1);
      case SELF_ATTENTION ->
          aboutZero(index < 3 ? inputs.placeMoments(parameters, layer) : sumMoments(layer));
      case POOLING,
              BATCH_NORMALIZATION,
              SHORTCUT,
              POSITIONS,
              LAYER_NORMALIZATION,
              SPARSE_ACTIVATION,
              FACTORED,
              STOCK ->
          throw new IllegalArgumentException("no weights to factorize: " + tensor.name());
    };
  }

  /** Of what an LSTM's units say at all steps but the last. */
  private Moments unitMoments(int layer, int units, int steps) {
    if (steps == 0) {
      return new Moments(new double[units], new double[units * units]);
    }
    Network probe = upTo(layer, new Layer.Lstm(units, Layer.Steps.ALL));
    return new LayerInputs(probe.architecture(), examples)
        .lineMoments(probe.parameters(), layer + 1, steps);
  }

  /** Of the values' weighted sums: what attention says if it hands them on as they are. */
  private Moments sumMoments(int layer) {
    Network probe = upTo(layer, network.architecture().layers().get(layer));
    ParameterTensor output =
        probe.architecture().tensors().stream()
            .filter(tensor -> tensor.layer() == layer)
            .reduce((first, second) -> second)
            .orElseThrow();
    Arrays.fill(probe.parameters(), output.offset(), output.end(), 0);
    for (int i = 0; i < output.rows(); i++) {
      probe.parameters()[output.offset() + i * output.columns() + i] = 1;
    }
    return new LayerInputs(probe.architecture(), examples)
        .placeMoments(probe.parameters(), layer + 1);
  }

  /** The layers up to one, which is another of as many parameters, and an end. */
  private Network upTo(int layer, Layer last) {
    Architecture whole = network.architecture();
    List<Layer> layers = new ArrayList<>(whole.layers().subList(0, layer));
    layers.add(last);
    layers.add(new Layer.Dense(1, Activation.SOFTMAX));
    Architecture architecture = new Architecture(whole.input(), layers);
    float[] parameters = new float[architecture.parameters()];
    int before =
        whole.tensors().stream()
            .filter(tensor -> tensor.layer() <= layer)
            .mapToInt(ParameterTensor::size)
            .sum();
    System.arraycopy(network.parameters(), 0, parameters, 0, before);
    return new Network(architecture, parameters);
  }

  private static Moments aboutZero(Moments moments) {
    int n = moments.mean().length;
    double[] second = moments.covariance().clone();
    for (int r = 0; r < n; r++) {
      for (int c = 0; c < n; c++) {
        second[r * n + c] += moments.mean()[r] * moments.mean()[c];
      }
    }
    return new Moments(new double[n], second);
  }
}
