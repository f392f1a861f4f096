package dev.pare.model;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
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

  /**
   * A layer of a DL4J network.
   *
   * @param input what it reads
   * @throws IllegalArgumentException naming it, if Pare cannot run it
   */
  static Layer of(MultiLayerNetwork network, int index, Architecture.Shape input) {
    org.deeplearning4j.nn.conf.layers.Layer layer =
        network.getLayerWiseConfigurations().getConf(index).getLayer();
    if (layer instanceof OutputLayer output && output.hasBias()) {
      return new Layer.Dense(width(output.getNOut()), activation(output, index));
    }
    if (layer instanceof DenseLayer dense
        && dense.hasBias()
        && !dense.hasLayerNorm()
        && knows(dense.getActivationFn())) {
      return new Layer.Dense(width(dense.getNOut()), activation(dense, index));
    }
    if (layer instanceof BatchNormalization normalization
        && !normalization.isUseLogStd()
        && !normalization.isLockGammaBeta()) {
      return new Layer.BatchNormalization((float) normalization.getEps(), Activation.IDENTITY);
    }
    if (layer instanceof LSTM lstm && isPlain(lstm)) {
      return new Layer.Lstm(width(lstm.getNOut()), Layer.Steps.ALL);
    }
    if (layer instanceof LastTimeStep last
        && last.getUnderlying() instanceof LSTM lstm
        && isPlain(lstm)) {
      return new Layer.Lstm(width(lstm.getNOut()), Layer.Steps.LAST);
    }
    if (layer instanceof SubsamplingLayer pooling
        && unpadded(pooling.getConvolutionMode(), pooling.getPadding(), pooling.getDilation())
        && square(pooling.getKernelSize())
        && square(pooling.getStride())
        && pooling.getCnn2dDataFormat() == CNN2DFormat.NCHW
        && (pooling.getPoolingType() == org.deeplearning4j.nn.conf.layers.PoolingType.MAX
            || pooling.getPoolingType() == org.deeplearning4j.nn.conf.layers.PoolingType.AVG)) {
      return new Layer.Pooling(
          pooling.getPoolingType() == org.deeplearning4j.nn.conf.layers.PoolingType.MAX
              ? Layer.Pool.MAX
              : Layer.Pool.AVERAGE,
          pooling.getKernelSize()[0],
          pooling.getStride()[0]);
    }
    if (layer.getClass() == ConvolutionLayer.class) {
      ConvolutionLayer convolution = (ConvolutionLayer) layer;
      if (convolution.hasBias()
          && knows(convolution.getActivationFn())
          && plain(convolution.getConvolutionMode(), convolution.getDilation())
          && square(convolution.getKernelSize())
          && square(convolution.getStride())
          && square(convolution.getPadding())
          && convolution.getPadding()[0] < convolution.getKernelSize()[0]
          && convolution.getCnn2dDataFormat() == CNN2DFormat.NCHW) {
        return new Layer.Convolution(
            width(convolution.getNOut()),
            convolution.getKernelSize()[0],
            convolution.getStride()[0],
            convolution.getPadding()[0],
            activation(convolution, index));
      }
    }
    return StockLayers.of(network, index, input);
  }

  /** Whether the last of these layers can take over the activation of a layer after it. */
  static boolean takesActivation(List<Layer> layers) {
    if (layers.isEmpty()) {
      return false;
    }
    Layer last = layers.get(layers.size() - 1);
    return last instanceof Layer.BatchNormalization normalization
            && normalization.activation() == Activation.IDENTITY
        || last instanceof Layer.Dense dense && dense.activation() == Activation.IDENTITY
        || last instanceof Layer.Convolution convolution
            && convolution.activation() == Activation.IDENTITY;
  }

  /** A layer without activation takes that of the layer after it. */
  static Layer activated(Layer layer, ActivationLayer next, int index) {
    if (layer instanceof Layer.BatchNormalization normalization) {
      return new Layer.BatchNormalization(
          normalization.epsilon(), activation(next.getActivationFn(), index));
    }
    if (layer instanceof Layer.Dense dense) {
      return new Layer.Dense(dense.units(), activation(next.getActivationFn(), index));
    }
    if (layer instanceof Layer.Convolution c) {
      return c.withActivation(activation(next.getActivationFn(), index));
    }
    throw new IllegalStateException("no layer to activate: " + layer);
  }

  private static boolean isPlain(LSTM lstm) {
    return lstm.getActivationFn().equals(dl4j(Activation.TANH).getActivationFunction())
        && lstm.getGateActivationFn().equals(dl4j(Activation.SIGMOID).getActivationFunction())
        && lstm.getRnnDataFormat() == RNNFormat.NCW;
  }

  private static int width(long units) {
    return Math.toIntExact(units);
  }

  private static boolean square(int[] sides) {
    return sides.length == 2 && sides[0] == sides[1];
  }

  private static boolean unpadded(ConvolutionMode mode, int[] padding, int[] dilation) {
    return plain(mode, dilation) && padding[0] == 0 && padding[1] == 0;
  }

  private static boolean plain(ConvolutionMode mode, int[] dilation) {
    return mode != ConvolutionMode.Same
        && mode != ConvolutionMode.Causal
        && dilation[0] == 1
        && dilation[1] == 1;
  }

  private static Activation activation(BaseLayer layer, int index) {
    return activation(layer.getActivationFn(), index);
  }

  static boolean knows(IActivation function) {
    return Arrays.stream(Activation.values())
        .anyMatch(activation -> dl4j(activation).getActivationFunction().equals(function));
  }

  private static Activation activation(IActivation function, int index) {
    for (Activation activation : Activation.values()) {
      // Not by name: a ReLU with a slope or a ceiling has the plain one's.
      if (dl4j(activation).getActivationFunction().equals(function)) {
        return activation;
      }
    }
    throw new IllegalArgumentException(
        "layer " + index + ": Pare does not know activation " + function);
  }
}
