package dev.pare.artifact;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.ChannelFlow;
import dev.pare.graph.Convolution;
import dev.pare.graph.Layer;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.SparseActivation;
import dev.pare.graph.TransposedConvolution;
import dev.pare.graph.ZeroPadding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The units (or filters) of a dense or convolution layer that only one other such layer reads, in a
 * network that can be changed. Between the two there may be pooling, batch normalization and sparse
 * activations.
 */
final class HiddenUnits {
  private final Architecture architecture;
  private final List<CompressedTensor> tensors;
  private final Optional<Origin> origin;
  private final int layer;
  private final int weight;
  private final int nextWeight;

  private HiddenUnits(CompressedNetwork network, int weight, int nextWeight) {
    architecture = network.architecture();
    tensors = new ArrayList<>(network.tensors());
    origin = network.origin();
    layer = architecture.tensors().get(weight).layer();
    this.weight = weight;
    this.nextWeight = nextWeight;
  }

  /**
   * The layers whose hidden units can go or change places, from the input on: those that have
   * nothing but columns that can.
   */
  static List<Integer> layers(CompressedNetwork network) {
    return layers(network.architecture()).stream()
        .filter(layer -> of(network, layer).areFree())
        .toList();
  }

  /** The layers whose units only one other layer reads, from the input on. */
  static List<Integer> layers(Architecture architecture) {
    return IntStream.range(0, architecture.layers().size())
        .filter(i -> architecture.flow(i) == ChannelFlow.MIXED && leadsToMixed(architecture, i))
        .boxed()
        .toList();
  }

  /** Whether only the next layers read a layer's units, one by one, up to one that mixes them. */
  private static boolean leadsToMixed(Architecture architecture, int layer) {
    int at = layer;
    while (architecture.leadsOn(at)) {
      at++;
      if (architecture.flow(at) == ChannelFlow.MIXED) {
        return true;
      }
      if (!passesUnits(architecture, at)) {
        return false;
      }
    }
    return false;
  }

  /** Whether each of a layer's units is the one that it reads, and no weight is in between. */
  static boolean passesUnits(Architecture architecture, int layer) {
    return architecture.flow(layer).isIdentity(architecture.inputShape(layer).channels())
        && architecture.tensors(layer).stream().noneMatch(ParameterTensor::isWeight);
  }

  /** The units of one of {@link #layers}. */
  static HiddenUnits of(CompressedNetwork network, int layer) {
    List<ParameterTensor> places = network.architecture().tensors();
    int weight = 0;
    while (places.get(weight).layer() < layer) {
      weight++;
    }
    int next = weight + 1;
    while (!places.get(next).isWeight()) {
      next++;
    }
    return new HiddenUnits(network, weight, next);
  }

  private boolean areFree() {
    return tensors.subList(weight + 1, nextWeight + 1).stream()
        .allMatch(CompressedTensor::hasFreeColumns);
  }

  int count() {
    return weight().rows();
  }

  /** What the units apply to their sums. */
  Activation activation() {
    return architecture.layers().get(layer).activation();
  }

  /** The layers between the units and what reads them. */
  List<Layer> between() {
    int reader = architecture.tensors().get(nextWeight).layer();
    return architecture.layers().subList(layer + 1, reader);
  }

  /** Whether one unit's output can keep another's from being passed on. */
  boolean compete() {
    return between().stream()
        .anyMatch(
            layer ->
                layer instanceof SparseActivation sparse
                    && sparse.rule() == SparseActivation.Rule.WINNERS);
  }

  /** Whether batch normalization stands between the units and what reads them. */
  boolean normalized() {
    return nextWeight > weight + 2;
  }

  /** Whether what reads the units reads less of them at an image's edge. */
  boolean readWithPadding() {
    int reader = architecture.tensors().get(nextWeight).layer();
    Layer by = architecture.layers().get(reader);
    return by instanceof Convolution c && c.isPadded()
        || by instanceof TransposedConvolution
        || between().stream().anyMatch(ZeroPadding.class::isInstance);
  }

  /** What computes the units: a row each. */
  CompressedTensor weight() {
    return tensors.get(weight);
  }

  CompressedTensor bias() {
    return tensors.get(weight + 1);
  }

  /** What reads the units: {@link #fanOut()} columns each. */
  CompressedTensor nextWeight() {
    return tensors.get(nextWeight);
  }

  CompressedTensor nextBias() {
    return tensors.get(nextWeight + 1);
  }

  /** The indices of the units' weight and bias, and of the weight that reads them. */
  List<Integer> around() {
    return List.of(weight, weight + 1, nextWeight);
  }

  /** How many columns of the next weight read one unit: pixels of its channel, or of a kernel. */
  int fanOut() {
    return nextWeight().columns() / count();
  }

  /** Gives the next layer another bias. */
  void setNextBias(CompressedTensor bias) {
    tensors.set(nextWeight + 1, bias);
  }

  /** The network in which only these units remain, in this order. */
  CompressedNetwork select(int[] units) {
    int fanOut = fanOut();
    int[] columns = new int[units.length * fanOut];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = units[i / fanOut] * fanOut + i % fanOut;
    }
    int[] only = {0};
    tensors.set(nextWeight, Selection.of(nextWeight(), all(nextWeight().rows()), columns));
    tensors.set(weight, Selection.of(weight(), units, all(weight().columns())));
    for (int i = weight + 1; i < nextWeight; i++) {
      tensors.set(i, Selection.of(tensors.get(i), only, units));
    }
    return new CompressedNetwork(
        architecture.with(
            i -> {
              Layer own = architecture.layers().get(i);
              return i == layer ? own.reduced(List.of(), units) : own;
            }),
        tensors,
        origin.map(first -> first.select(layer, units)));
  }

  private static int[] all(int count) {
    return IntStream.range(0, count).toArray();
  }
}
