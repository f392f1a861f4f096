package dev.pare.model;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
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
    return switch (layer.kind()) {
      case DENSE -> {
        Layer.Dense dense = (Layer.Dense) layer;
        yield output
            ? new OutputLayer.Builder(loss)
                .nOut(dense.units())
                .activation(dl4j(dense.activation()))
                .build()
            : new DenseLayer.Builder()
                .nOut(dense.units())
                .activation(dl4j(dense.activation()))
                .build();
      }
      case CONVOLUTION -> {
        Layer.Convolution convolution = (Layer.Convolution) layer;
        Layer.Axis vertical = convolution.vertical();
        Layer.Axis horizontal = convolution.horizontal();
        yield new ConvolutionLayer.Builder(vertical.kernel(), horizontal.kernel())
            .stride(vertical.stride(), horizontal.stride())
            .padding(vertical.padding(), horizontal.padding())
            .nOut(convolution.filters())
            .activation(dl4j(convolution.activation()))
            .build();
      }
      case LSTM -> {
        Layer.Lstm lstm = (Layer.Lstm) layer;
        LSTM configuration =
            new LSTM.Builder()
                .nOut(lstm.units())
                .activation(dl4j(Activation.TANH))
                .gateActivationFunction(dl4j(Activation.SIGMOID))
                .build();
        yield lstm.output() == Layer.Steps.LAST ? new LastTimeStep(configuration) : configuration;
      }
      case STOCK -> StockLayers.configuration((Layer.Stock) layer);
      case SHORTCUT, POSITIONS, LAYER_NORMALIZATION, SELF_ATTENTION, SPARSE_ACTIVATION, FACTORED ->
          throw new IllegalArgumentException("not a layer of DL4J: " + layer);
      case BATCH_NORMALIZATION -> {
        Layer.BatchNormalization normalization = (Layer.BatchNormalization) layer;
        yield new BatchNormalization.Builder()
            .eps(normalization.epsilon())
            .decay(Dl4jNetworks.MEAN_DECAY)
            .useLogStd(false)
            .build();
      }
      case POOLING -> {
        Layer.Pooling pooling = (Layer.Pooling) layer;
        yield new SubsamplingLayer.Builder(
                pooling.pool() == Layer.Pool.MAX ? PoolingType.MAX : PoolingType.AVG)
            .kernelSize(pooling.window(), pooling.window())
            .stride(pooling.stride(), pooling.stride())
            .build();
      }
    };
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
