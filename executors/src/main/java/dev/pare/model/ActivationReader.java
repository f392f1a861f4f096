package dev.pare.model;

import dev.pare.graph.Activation;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Layer;
import dev.pare.graph.Shortcut;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/** Functions of what layers make: Pare's own where it has them, else DL4J's. */
final class ActivationReader {
  private final ReadGraph graph;

  /** The vertices behind which nothing is computed. */
  private final Set<String> ends;

  /** The vertex of the layer that has the softmax at the end. */
  private @Nullable String softmax;

  ActivationReader(ReadGraph graph, Set<String> ends) {
    this.graph = graph;
    this.ends = ends;
  }

  /** The vertex of the layer that has the softmax at the end; null if none has. */
  @Nullable String softmax() {
    return softmax;
  }

  /** A function of what the layer before it makes, or of the input. */
  void activate(IActivation function) {
    if (function.equals(new ActivationIdentity())) {
      return;
    }
    Optional<Activation> own = own(function);
    if (own.isPresent() && graph.at >= 0 && !graph.shared) {
      Optional<Layer> activated = activated(graph.nodes.get(graph.at).layer(), own.get());
      if (activated.isPresent()) {
        graph.nodes.set(graph.at, graph.nodes.get(graph.at).with(activated.get()));
        return;
      }
    }
    if (own.isPresent() && own.get() == Activation.SOFTMAX && makesLogits()) {
      return;
    }
    if (function instanceof ActivationSoftmax && !graph.shape.isPoint()) {
      throw new IllegalArgumentException("softmax of images is not supported");
    }
    // Without parameters, and the same of every number wherever it is.
    graph.put(StockLayers.of(new ActivationLayer(function), graph.shape));
  }

  /** Whether a softmax is all that is between the last layer and probabilities. */
  private boolean makesLogits() {
    if (graph.at < 0 || !graph.shape.isPoint()) {
      return false;
    }
    Layer last = graph.nodes.get(graph.at).layer();
    boolean function =
        last instanceof Elementwise
            || last instanceof Dl4jLayer stock
                && StockLayers.configuration(stock) instanceof ActivationLayer;
    return !function && last.activation() == Activation.IDENTITY;
  }

  private static Optional<Layer> activated(Layer last, Activation function) {
    boolean takes =
        last instanceof Dense
            || (last instanceof Convolution
                    || last instanceof BatchNormalization
                    || last instanceof Shortcut)
                && function != Activation.SOFTMAX;
    return takes && last.activation() == Activation.IDENTITY
        ? Optional.of(last.withActivation(function))
        : Optional.empty();
  }

  /** Pare's own function; it has softmax at the very end alone. */
  private Optional<Activation> own(IActivation function) {
    Optional<Activation> own = Dl4jLayers.own(function);
    if (own.isPresent() && own.get() == Activation.SOFTMAX) {
      if (!ends.contains(graph.vertex)) {
        return Optional.empty();
      }
      softmax = graph.vertex;
    }
    return own;
  }

  /** A layer that Pare has, and its activation, which is perhaps left to DL4J. */
  void put(Function<Activation, Layer> layer, IActivation function, float[]... tensors) {
    Optional<Activation> own = own(function);
    graph.put(layer.apply(own.orElse(Activation.IDENTITY)), tensors);
    if (own.isEmpty()) {
      activate(function);
    }
  }
}
