package dev.pare.model;

import dev.pare.model.Architecture.Shape;
import dev.pare.model.ParameterTensor.Role;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;

/** Layers of DL4J that Pare has no form of its own for, to and from their configurations. */
public final class StockLayers {
  /** Most numbers that such a layer may make of an example. */
  static final int MOST_OUTPUTS = 1 << 24;

  /** Most numbers under all its windows, on one example; as DL4J unrolls convolutions. */
  static final int MOST_WINDOWS = 1 << 28;

  private StockLayers() {}

  /**
   * A layer as DL4J runs it, on images with their channels first, or vectors.
   *
   * @param in what the layer reads
   * @throws IllegalArgumentException if it is not one from images or vectors to images or vectors,
   *     does not fit its input, or would be too large
   */
  static Layer.Stock of(org.deeplearning4j.nn.conf.layers.Layer layer, Shape in) {
    InputType type = inputType(layer, in);
    if (layer instanceof FeedForwardLayer reader) {
      FeedForwardLayer fitting = (FeedForwardLayer) reader.clone();
      fitting.setNIn(type, true);
      if (fitting.getNIn() != reader.getNIn()) {
        throw new IllegalArgumentException(
            "reads %d features, but its input has %d".formatted(reader.getNIn(), fitting.getNIn()));
      }
    }
    Shape out = shape(layer.getOutputType(0, type));
    checkSize(layer, in, out);
    return new Layer.Stock(Dl4jJson.of(layer), out, parameters(layer));
  }

  /**
   * Holds a layer that comes from outside to what its configuration says of it.
   *
   * @param in what the layer reads
   * @throws IllegalArgumentException if the configuration is not one of a known layer that fits
   *     there, or says something else than the layer
   */
  static void check(Layer.Stock stock, Shape in, int index) {
    String place = "layer " + index + ", which DL4J runs: ";
    try {
      Layer.Stock right = of(configuration(stock), in);
      if (!right.output().equals(stock.output())) {
        throw new IllegalArgumentException(
            "its output is %s, not %s".formatted(right.output(), stock.output()));
      }
      if (!right.parameters().equals(stock.parameters())) {
        throw new IllegalArgumentException(
            "its parameters are %s, not %s".formatted(right.parameters(), stock.parameters()));
      }
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(place + Dl4jJson.shown(e.getMessage()), e);
    }
  }

  /** The configuration that {@link #of} kept. */
  public static org.deeplearning4j.nn.conf.layers.Layer configuration(Layer.Stock stock) {
    return Dl4jJson.layer(stock.configuration());
  }

  /** Whether a layer wants vectors, to which images have to be flattened, channel-major. */
  public static boolean readsVectors(org.deeplearning4j.nn.conf.layers.Layer layer) {
    return layer instanceof DenseLayer
        || layer instanceof AutoEncoder
        || layer instanceof ElementWiseMultiplicationLayer;
  }

  private static InputType inputType(org.deeplearning4j.nn.conf.layers.Layer layer, Shape in) {
    return readsVectors(layer)
        ? InputType.feedForward(in.size())
        : InputType.convolutional(in.height(), in.width(), in.channels());
  }

  private static Shape shape(InputType type) {
    if (type instanceof InputType.InputTypeFeedForward vector) {
      return new Shape(Math.toIntExact(vector.getSize()), 1, 1);
    }
    if (type instanceof InputType.InputTypeConvolutional image
        && Math.min(image.getHeight(), image.getWidth()) > 0) {
      return new Shape(
          Math.toIntExact(image.getChannels()),
          Math.toIntExact(image.getHeight()),
          Math.toIntExact(image.getWidth()));
    }
    throw new IllegalArgumentException("its output is " + type);
  }

  private static void checkSize(
      org.deeplearning4j.nn.conf.layers.Layer layer, Shape in, Shape out) {
    if (out.size() > MOST_OUTPUTS) {
      throw new IllegalArgumentException(
          "an output of %d numbers, at most %d are possible".formatted(out.size(), MOST_OUTPUTS));
    }
    int[] kernel = {1, 1};
    if (layer instanceof ConvolutionLayer convolution) {
      kernel = convolution.getKernelSize();
    } else if (layer instanceof SubsamplingLayer pooling) {
      kernel = pooling.getKernelSize();
    }
    // A deconvolution has its windows on the output.
    long places = Math.max((long) in.height() * in.width(), (long) out.height() * out.width());
    int channels = Math.max(in.channels(), out.channels());
    if ((double) places * channels * kernel[0] * kernel[1] > MOST_WINDOWS) {
      throw new IllegalArgumentException(
          "windows of %d×%d on %d channels of %d places are too large"
              .formatted(kernel[0], kernel[1], channels, places));
    }
  }

  /** The tensors in the order in which they lie among the layer's parameters. */
  private static List<Layer.Parameter> parameters(org.deeplearning4j.nn.conf.layers.Layer layer) {
    List<Layer.Parameter> parameters = new ArrayList<>();
    if (layer instanceof ConvolutionLayer convolution) {
      convolution(convolution, parameters);
    } else if (readsVectors(layer)) {
      FeedForwardLayer dense = (FeedForwardLayer) layer;
      boolean scales = layer instanceof ElementWiseMultiplicationLayer;
      if (scales && dense.getNIn() != dense.getNOut()) {
        throw new IllegalArgumentException("nin and nout differ");
      }
      parameters.add(tensor("W", dense.getNOut(), scales ? 1 : dense.getNIn()));
      if (!(layer instanceof DenseLayer plain) || plain.hasBias()) {
        parameters.add(tensor("b", 1, dense.getNOut()));
      }
      if (layer instanceof DenseLayer normalized && normalized.hasLayerNorm()) {
        parameters.add(tensor("g", 1, dense.getNOut()));
      }
      if (layer instanceof AutoEncoder) {
        parameters.add(tensor("vb", 1, dense.getNIn()));
      }
    }
    long count = parameters.stream().mapToLong(Layer.Parameter::size).sum();
    NeuralNetConfiguration configuration = new NeuralNetConfiguration();
    configuration.setLayer(layer);
    if (count != layer.initializer().numParams(configuration)) {
      throw new IllegalArgumentException("its parameters are not known");
    }
    return parameters;
  }

  private static void convolution(ConvolutionLayer layer, List<Layer.Parameter> parameters) {
    long in = layer.getNIn();
    long out = layer.getNOut();
    long height = layer.getKernelSize()[0];
    long width = layer.getKernelSize()[1];
    if (layer.hasBias()) {
      parameters.add(tensor("b", 1, out));
    }
    if (layer instanceof Deconvolution2D) {
      parameters.add(tensor("W", in, product(out, height, width)));
    } else if (layer instanceof DepthwiseConvolution2D depthwise) {
      int multiplier = depthwise.getDepthMultiplier();
      if (out != in * multiplier) {
        throw new IllegalArgumentException("nout is not nin times its depth multiplier");
      }
      parameters.add(tensor("W", height, product(width, in, multiplier)));
    } else if (layer instanceof SeparableConvolution2D separable) {
      int multiplier = separable.getDepthMultiplier();
      parameters.add(tensor("W", multiplier, product(in, height, width)));
      parameters.add(tensor("pW", out, product(in, multiplier)));
    } else {
      parameters.add(tensor("W", out, product(in, height, width)));
    }
  }

  private static long product(long... factors) {
    long product = 1;
    for (long factor : factors) {
      product = Math.multiplyExact(product, factor);
    }
    return product;
  }

  /** Weights where both sides are more than one. */
  private static Layer.Parameter tensor(String name, long rows, long columns) {
    boolean weight = rows > 1 && columns > 1;
    long size = Math.multiplyExact(rows, columns);
    return new Layer.Parameter(
        name,
        weight ? Role.WEIGHT : Role.BIAS,
        weight ? Math.toIntExact(rows) : 1,
        Math.toIntExact(weight ? columns : size));
  }
}
