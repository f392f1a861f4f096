package dev.pare.model;

import dev.pare.graph.Activation;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Pooling;
import dev.pare.graph.Window;
import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Layers to and from DL4J's configurations of them. */
final class Dl4jLayers {
  private Dl4jLayers() {}

  /** DL4J's configuration of a layer that is {@link Dl4jNetworks#isExpressible expressible}. */
  static org.deeplearning4j.nn.conf.layers.Layer configuration(
      Layer layer, boolean output, ILossFunction loss) {
    if (layer instanceof Dense dense) {
      return output
          ? new OutputLayer.Builder(loss)
              .nOut(dense.units())
              .activation(dl4j(dense.activation()))
              .build()
          : new DenseLayer.Builder()
              .nOut(dense.units())
              .activation(dl4j(dense.activation()))
              .build();
    }
    if (layer instanceof Convolution convolution) {
      Window vertical = convolution.vertical();
      Window horizontal = convolution.horizontal();
      return new ConvolutionLayer.Builder(vertical.kernel(), horizontal.kernel())
          .stride(vertical.stride(), horizontal.stride())
          .padding(vertical.before(), horizontal.before())
          .nOut(convolution.filters())
          .activation(dl4j(convolution.activation()))
          .build();
    }
    if (layer instanceof Lstm lstm) {
      LSTM configuration =
          new LSTM.Builder()
              .nOut(lstm.units())
              .activation(dl4j(Activation.TANH))
              .gateActivationFunction(dl4j(Activation.SIGMOID))
              .build();
      return lstm.output() == Lstm.Steps.LAST ? new LastTimeStep(configuration) : configuration;
    }
    if (layer instanceof BatchNormalization normalization) {
      return new org.deeplearning4j.nn.conf.layers.BatchNormalization.Builder()
          .eps(normalization.epsilon())
          .decay(Dl4jNetworks.MEAN_DECAY)
          .useLogStd(false)
          .build();
    }
    if (layer instanceof Pooling pooling) {
      return new SubsamplingLayer.Builder(
              pooling.pool() == Pooling.Pool.MAX ? PoolingType.MAX : PoolingType.AVG)
          .kernelSize(pooling.vertical().kernel(), pooling.horizontal().kernel())
          .stride(pooling.vertical().stride(), pooling.horizontal().stride())
          .build();
    }
    if (layer instanceof Dl4jLayer own) {
      return StockLayers.configuration(own);
    }
    throw new IllegalArgumentException("not a layer of DL4J: " + layer);
  }

  static org.nd4j.linalg.activations.Activation dl4j(Activation activation) {
    return org.nd4j.linalg.activations.Activation.valueOf(activation.name());
  }

  /** Pare's own activation that is the same function, if there is one. */
  static Optional<Activation> own(IActivation function) {
    // Not by name: a ReLU with a slope or a ceiling has the plain one's.
    return Arrays.stream(Activation.values())
        .filter(activation -> dl4j(activation).getActivationFunction().equals(function))
        .findFirst();
  }
}
