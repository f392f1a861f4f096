package dev.pare.model;

import dev.pare.model.Architecture.Shape;
import dev.pare.model.ParameterTensor.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.core.JsonProcessingException;

/** Layers of DL4J that Pare has no form of its own for, to and from their configurations. */
public final class StockLayers {
  private StockLayers() {}

  /**
   * A layer of a DL4J network as DL4J runs it. Dropout is left out: it would draw from ND4J's one
   * random generator.
   *
   * @param input what the layer reads
   * @throws IllegalArgumentException naming the layer, if it is not one from images or vectors to
   *     images or vectors
   */
  static Layer.Stock of(MultiLayerNetwork network, int index, Shape input) {
    org.deeplearning4j.nn.conf.layers.Layer layer =
        network.getLayerWiseConfigurations().getConf(index).getLayer().clone();
    String place = "layer " + index + " (" + layer.getClass().getSimpleName() + "): ";
    if (layer instanceof BaseRecurrentLayer || layer instanceof LastTimeStep) {
      throw new IllegalArgumentException(
          place + "of recurrent layers, Pare knows LSTMs with tanh and logistic gates");
    }
    if (layer instanceof RnnOutputLayer) {
      throw new IllegalArgumentException(place + "Pare knows outputs of a sequence's last step");
    }
    if (layer instanceof BatchNormalization) {
      throw new IllegalArgumentException(
          place + "Pare knows batch normalization with trained factors and plain variances");
    }
    if (layer instanceof BaseOutputLayer) {
      throw new IllegalArgumentException(place + "Pare knows output layers with bias");
    }
    if (layer instanceof ConvolutionLayer convolution
            && convolution.getCnn2dDataFormat() == CNN2DFormat.NHWC
        || layer instanceof SubsamplingLayer pooling
            && pooling.getCnn2dDataFormat() == CNN2DFormat.NHWC) {
      throw new IllegalArgumentException(place + "Pare knows channel-major images");
    }
    layer.setIDropout(null);
    try {
      Shape output = shape(layer.getOutputType(index, inputType(input, layer)));
      String json = NeuralNetConfiguration.mapper().writeValueAsString(layer);
      return new Layer.Stock(json, output, parameters(network, index));
    } catch (JsonProcessingException | RuntimeException e) {
      throw new IllegalArgumentException(place + "Pare cannot run it: " + e.getMessage(), e);
    }
  }

  /** The configuration that {@link #of} kept. */
  public static org.deeplearning4j.nn.conf.layers.Layer configuration(Layer.Stock stock) {
    try {
      return NeuralNetConfiguration.mapper()
          .readValue(stock.configuration(), org.deeplearning4j.nn.conf.layers.Layer.class);
    } catch (IOException e) {
      throw new IllegalArgumentException("not a DL4J layer: " + e.getMessage(), e);
    }
  }

  private static InputType inputType(Shape shape, org.deeplearning4j.nn.conf.layers.Layer layer) {
    boolean flat = shape.height() == 1 && shape.width() == 1;
    return flat && layer instanceof FeedForwardLayer
        ? InputType.feedForward(shape.size())
        : InputType.convolutional(shape.height(), shape.width(), shape.channels());
  }

  private static Shape shape(InputType type) {
    if (type instanceof InputType.InputTypeFeedForward vector) {
      return new Shape(Math.toIntExact(vector.getSize()), 1, 1);
    }
    if (type instanceof InputType.InputTypeConvolutional image) {
      return new Shape(
          Math.toIntExact(image.getChannels()),
          Math.toIntExact(image.getHeight()),
          Math.toIntExact(image.getWidth()));
    }
    throw new IllegalArgumentException("its output is " + type.getType());
  }

  /** The tensors in the order in which they lie among the layer's parameters. */
  private static List<Layer.Parameter> parameters(MultiLayerNetwork network, int index) {
    org.deeplearning4j.nn.api.Layer layer = network.getLayer(index);
    List<Map.Entry<String, INDArray>> entries = new ArrayList<>(layer.paramTable().entrySet());
    entries.sort(Comparator.comparingLong(entry -> entry.getValue().offset()));
    List<Layer.Parameter> parameters = new ArrayList<>();
    for (Map.Entry<String, INDArray> entry : entries) {
      INDArray values = entry.getValue();
      long[] shape = values.shape();
      // Matrices lie column by column, one column an output unit; kernels filter by filter.
      long rows = shape.length == 2 && values.ordering() == 'f' ? shape[1] : shape[0];
      boolean weight =
          layer
                  .conf()
                  .getLayer()
                  .initializer()
                  .isWeightParam(layer.conf().getLayer(), entry.getKey())
              && values.length() > rows
              && rows > 1;
      parameters.add(
          new Layer.Parameter(
              entry.getKey(),
              weight ? Role.WEIGHT : Role.BIAS,
              weight ? Math.toIntExact(rows) : 1,
              Math.toIntExact(weight ? values.length() / rows : values.length())));
    }
    return parameters;
  }
}
