package dev.pare.artifact;

import dev.pare.model.Architecture;
import dev.pare.model.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A layer whose units (or filters) nobody outside sees, in a network that can be changed: what
 * computes them, and the layer that reads them. All that is done keeps the network's function.
 */
final class HiddenUnits {
  private final List<Layer> layers;
  private final List<CompressedTensor> tensors;
  private final Architecture architecture;
  private final int layer;
  private final int weight;

  private HiddenUnits(CompressedNetwork network, int weight) {
    architecture = network.architecture();
    layers = new ArrayList<>(architecture.layers());
    tensors = new ArrayList<>(network.tensors());
    this.weight = weight;
    layer = architecture.tensors().get(weight).layer();
  }

  /** How many hidden layers there are. */
  static int layers(CompressedNetwork network) {
    return network.tensors().size() / 2 - 1;
  }

  /** The units of a hidden layer, counted among those that have parameters. */
  static HiddenUnits of(CompressedNetwork network, int hiddenLayer) {
    return new HiddenUnits(network, 2 * hiddenLayer);
  }

  int count() {
    return weight().rows();
  }

  Layer layer() {
    return layers.get(layer);
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
    return tensors.get(weight + 2);
  }

  CompressedTensor nextBias() {
    return tensors.get(weight + 3);
  }

  /** How many columns of the next weight read one unit: pixels of its channel, or of a kernel. */
  int fanOut() {
    return nextWeight().columns() / count();
  }

  /** Gives the next layer another bias. */
  void setNextBias(CompressedTensor bias) {
    tensors.set(weight + 3, bias);
  }

  /** The network in which only these units remain, in this order. */
  CompressedNetwork select(int[] units) {
    int fanOut = fanOut();
    int[] columns = new int[units.length * fanOut];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = units[i / fanOut] * fanOut + i % fanOut;
    }
    tensors.set(weight, Selection.of(weight(), units, all(weight().columns())));
    tensors.set(weight + 1, Selection.of(bias(), new int[] {0}, units));
    tensors.set(weight + 2, Selection.of(nextWeight(), all(nextWeight().rows()), columns));
    layers.set(
        layer,
        switch (layer().kind()) {
          case DENSE -> new Layer.Dense(units.length, ((Layer.Dense) layer()).activation());
          case CONVOLUTION -> {
            Layer.Convolution c = (Layer.Convolution) layer();
            yield new Layer.Convolution(units.length, c.kernel(), c.stride(), c.activation());
          }
          case POOLING -> throw new AssertionError("a pooling layer has no parameters");
        });
    return new CompressedNetwork(new Architecture(architecture.input(), layers), tensors);
  }

  private static int[] all(int count) {
    return IntStream.range(0, count).toArray();
  }
}
