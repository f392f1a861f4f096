package dev.pare.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Networks to and from DL4J. A DL4J network made here reads inputs that are already divided by
 * {@link InputShape#divisor()}.
 */
public final class Dl4jNetworks {
  /**
   * What running means and variances keep of themselves at a step; the customary value, and DL4J's.
   */
  public static final double MEAN_DECAY = 0.9;

  private Dl4jNetworks() {}

  /** How DL4J itself should train a network; Pare's own training needs none of it. */
  public record Training(IUpdater updater, ILossFunction loss, double l1, double l2) {}

  /** The network in DL4J, with cross entropy and without an updater. */
  public static MultiLayerNetwork toDl4j(Network network) {
    return toDl4j(network, new Training(new NoOp(), new LossMCXENT(), 0, 0));
  }

  /** The network in DL4J, ready to be trained by it. */
  public static MultiLayerNetwork toDl4j(Network network, Training training) {
    Architecture architecture = network.architecture();
    // The seed only feeds DL4J's own initialization, whose result is replaced below.
    NeuralNetConfiguration.ListBuilder builder =
        new NeuralNetConfiguration.Builder()
            .seed(0)
            .dataType(DataType.FLOAT)
            .updater(training.updater())
            .l1(training.l1())
            .l2(training.l2())
            .convolutionMode(ConvolutionMode.Truncate)
            .list();
    List<Layer> layers = architecture.layers();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      builder.layer(configuration(layer, i == layers.size() - 1, training.loss()));
      // DL4J's batch normalization has an activation in its configuration and ignores it.
      if (layer instanceof Layer.BatchNormalization normalization
          && normalization.activation() != Activation.IDENTITY) {
        builder.layer(new ActivationLayer(dl4j(normalization.activation())));
      }
    }
    InputShape input = architecture.input();
    builder.setInputType(
        layers.get(0).kind() == Layer.Kind.DENSE
            ? InputType.feedForward(input.size())
            : InputType.convolutionalFlat(input.height(), input.width(), input.channels()));
    MultiLayerNetwork dl4j = new MultiLayerNetwork(builder.build());
    dl4j.init(
        Nd4j.create(
            toDl4jOrder(architecture, network.parameters()),
            new long[] {1, network.parameters().length}),
        false);
    return dl4j;
  }

  /**
   * The network in Pare's terms.
   *
   * @param input what it reads
   * @throws IllegalArgumentException naming the first layer that Pare cannot run
   */
  public static Network fromDl4j(MultiLayerNetwork dl4j, InputShape input) {
    List<Layer> layers = new ArrayList<>();
    Architecture.Shape shape =
        new Architecture.Shape(input.channels(), input.height(), input.width());
    for (int i = 0; i < dl4j.getnLayers(); i++) {
      org.deeplearning4j.nn.conf.layers.Layer layer =
          dl4j.getLayerWiseConfigurations().getConf(i).getLayer();
      if (layer instanceof ActivationLayer activation
          && knows(activation.getActivationFn())
          && takesActivation(layers)) {
        layers.add(activated(layers.remove(layers.size() - 1), activation, i));
      } else if (!(layer instanceof DropoutLayer)) {
        Layer own = layer(dl4j, i, shape);
        layers.add(own);
        shape = shape.through(own, i);
      }
    }
    Architecture architecture = new Architecture(input, layers);
    INDArray parameters = dl4j.params();
    if (parameters.length() != architecture.parameters()) {
      throw new IllegalArgumentException(
          "the network has "
              + parameters.length()
              + " parameters, but its layers on an input of "
              + input.channels()
              + "×"
              + input.height()
              + "×"
              + input.width()
              + " have "
              + architecture.parameters());
    }
    return new Network(
        architecture, fromDl4jOrder(architecture, parameters.reshape(-1).dup().data().asFloat()));
  }

  /** Reads a DL4J zip. */
  public static MultiLayerNetwork read(InputStream zip) throws IOException {
    return ModelSerializer.restoreMultiLayerNetwork(zip, false);
  }

  /** Writes a DL4J zip. */
  public static void write(Network network, OutputStream zip) throws IOException {
    ModelSerializer.writeModel(toDl4j(network), zip, false);
  }

  /** Pare's flat parameters in DL4J's order, which has a convolution's bias before its weights. */
  public static float[] toDl4jOrder(Architecture architecture, float[] parameters) {
    float[] swapped = new float[parameters.length];
    swap(architecture, parameters, swapped, true);
    return swapped;
  }

  /** DL4J's flat parameters, or gradients, in Pare's order. */
  public static float[] fromDl4jOrder(Architecture architecture, float[] parameters) {
    float[] swapped = new float[parameters.length];
    swap(architecture, parameters, swapped, false);
    return swapped;
  }

  private static void swap(
      Architecture architecture, float[] source, float[] target, boolean toDl4j) {
    System.arraycopy(source, 0, target, 0, source.length);
    List<ParameterTensor> tensors = architecture.tensors();
    for (int i = 0; i < tensors.size(); i++) {
      ParameterTensor weight = tensors.get(i);
      if (weight.role() != ParameterTensor.Role.WEIGHT
          || architecture.layers().get(weight.layer()).kind() != Layer.Kind.CONVOLUTION) {
        continue;
      }
      ParameterTensor bias = tensors.get(i + 1);
      int start = weight.offset();
      if (toDl4j) {
        System.arraycopy(source, bias.offset(), target, start, bias.size());
        System.arraycopy(source, start, target, start + bias.size(), weight.size());
      } else {
        System.arraycopy(source, start, target, bias.offset(), bias.size());
        System.arraycopy(source, start + bias.size(), target, start, weight.size());
      }
    }
  }

  private static org.deeplearning4j.nn.conf.layers.Layer configuration(
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
        yield new ConvolutionLayer.Builder(convolution.kernel(), convolution.kernel())
            .stride(convolution.stride(), convolution.stride())
            .nOut(convolution.filters())
            .activation(dl4j(convolution.activation()))
            .build();
      }
      case STOCK -> StockLayers.configuration((Layer.Stock) layer);
      case BATCH_NORMALIZATION -> {
        Layer.BatchNormalization normalization = (Layer.BatchNormalization) layer;
        yield new BatchNormalization.Builder()
            .eps(normalization.epsilon())
            .decay(MEAN_DECAY)
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

  private static org.nd4j.linalg.activations.Activation dl4j(Activation activation) {
    return org.nd4j.linalg.activations.Activation.valueOf(activation.name());
  }

  private static Layer layer(MultiLayerNetwork network, int index, Architecture.Shape input) {
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
          && unpadded(
              convolution.getConvolutionMode(), convolution.getPadding(), convolution.getDilation())
          && square(convolution.getKernelSize())
          && square(convolution.getStride())
          && convolution.getCnn2dDataFormat() == CNN2DFormat.NCHW) {
        return new Layer.Convolution(
            width(convolution.getNOut()),
            convolution.getKernelSize()[0],
            convolution.getStride()[0],
            activation(convolution, index));
      }
    }
    return StockLayers.of(network, index, input);
  }

  private static boolean takesActivation(List<Layer> layers) {
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
  private static Layer activated(Layer layer, ActivationLayer next, int index) {
    if (layer instanceof Layer.BatchNormalization normalization) {
      return new Layer.BatchNormalization(
          normalization.epsilon(), activation(next.getActivationFn(), index));
    }
    if (layer instanceof Layer.Dense dense) {
      return new Layer.Dense(dense.units(), activation(next.getActivationFn(), index));
    }
    if (layer instanceof Layer.Convolution c) {
      return new Layer.Convolution(
          c.filters(), c.kernel(), c.stride(), activation(next.getActivationFn(), index));
    }
    throw new IllegalStateException("no layer to activate: " + layer);
  }

  private static int width(long units) {
    return Math.toIntExact(units);
  }

  private static boolean square(int[] sides) {
    return sides.length == 2 && sides[0] == sides[1];
  }

  private static boolean unpadded(ConvolutionMode mode, int[] padding, int[] dilation) {
    return mode != ConvolutionMode.Same
        && mode != ConvolutionMode.Causal
        && padding[0] == 0
        && padding[1] == 0
        && dilation[0] == 1
        && dilation[1] == 1;
  }

  private static Activation activation(BaseLayer layer, int index) {
    return activation(layer.getActivationFn(), index);
  }

  private static boolean knows(IActivation function) {
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
