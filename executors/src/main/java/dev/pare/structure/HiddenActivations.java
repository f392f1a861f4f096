package dev.pare.structure;

import dev.pare.model.Activation;
import dev.pare.model.Architecture;
import dev.pare.model.Layer;
import dev.pare.model.Layer.SparseActivation;
import dev.pare.model.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The ReLUs of a network's hidden layers, to be exchanged for sparse activations. */
public final class HiddenActivations {
  private HiddenActivations() {}

  /** The layers that end in a ReLU, from the input on. */
  public static List<Integer> rectified(Architecture architecture) {
    List<Layer> layers = architecture.layers();
    return IntStream.range(0, layers.size())
        .filter(i -> isRectified(layers.get(i)))
        .boxed()
        .toList();
  }

  /**
   * The network with a layer of its own in place of each ReLU. Its parameters stay as they are, and
   * shortcuts start from what the new layers say.
   *
   * @param chosen the new layer for each of {@link #rectified}
   */
  public static Network exchange(Network network, IntFunction<SparseActivation> chosen) {
    return new Network(exchange(network.architecture(), chosen), network.parameters());
  }

  /** The same of an architecture. */
  public static Architecture exchange(
      Architecture architecture, IntFunction<SparseActivation> chosen) {
    List<Layer> layers = new ArrayList<>();
    // Where each layer's output comes from now.
    int[] moved = new int[architecture.layers().size()];
    for (int i = 0; i < moved.length; i++) {
      Layer layer = architecture.layers().get(i);
      if (layer instanceof Layer.Shortcut shortcut) {
        layer = new Layer.Shortcut(moved[shortcut.from()], shortcut.activation());
      }
      if (isRectified(layer)) {
        layers.add(withoutActivation(layer));
        layers.add(chosen.apply(i));
      } else {
        layers.add(layer);
      }
      moved[i] = layers.size() - 1;
    }
    return new Architecture(architecture.input(), layers);
  }

  private static boolean isRectified(Layer layer) {
    return switch (layer.kind()) {
      case DENSE -> ((Layer.Dense) layer).activation() == Activation.RELU;
      case CONVOLUTION -> ((Layer.Convolution) layer).activation() == Activation.RELU;
      case BATCH_NORMALIZATION ->
          ((Layer.BatchNormalization) layer).activation() == Activation.RELU;
      case SHORTCUT -> ((Layer.Shortcut) layer).activation() == Activation.RELU;
      case FACTORED -> isRectified(((Layer.Factored) layer).inner());
      case POOLING,
              LSTM,
              POSITIONS,
              LAYER_NORMALIZATION,
              SELF_ATTENTION,
              SPARSE_ACTIVATION,
              STOCK ->
          false;
    };
  }

  private static Layer withoutActivation(Layer layer) {
    if (layer instanceof Layer.Dense dense) {
      return new Layer.Dense(dense.units(), Activation.IDENTITY);
    }
    if (layer instanceof Layer.Convolution c) {
      return c.withActivation(Activation.IDENTITY);
    }
    if (layer instanceof Layer.Factored factored) {
      return new Layer.Factored(
          withoutActivation(factored.inner()), factored.ranks(), factored.remainder());
    }
    if (layer instanceof Layer.BatchNormalization normalization) {
      return new Layer.BatchNormalization(normalization.epsilon(), Activation.IDENTITY);
    }
    return new Layer.Shortcut(((Layer.Shortcut) layer).from(), Activation.IDENTITY);
  }
}
