package dev.pare.model;

import dev.pare.graph.Architecture;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.ExampleCost;
import dev.pare.graph.Parameter;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.jspecify.annotations.Nullable;

/** Layers of DL4J that Pare has no form of its own for, to and from their configurations. */
public final class StockLayers {
  private StockLayers() {}

  /**
   * A layer as DL4J runs it, on images with their channels first, or vectors.
   *
   * @param in what the layer reads
   * @throws IllegalArgumentException if it is not one from images or vectors to images or vectors,
   *     does not fit its input, or is one that DL4J would fail to run
   */
  static Dl4jLayer of(org.deeplearning4j.nn.conf.layers.Layer layer, Shape in) {
    try {
      return fitting(layer, in);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      // DL4J's own, of what does not fit together.
      throw new IllegalArgumentException(Dl4jJson.shown(String.valueOf(e.getMessage())), e);
    }
  }

  private static Dl4jLayer fitting(org.deeplearning4j.nn.conf.layers.Layer layer, Shape in) {
    InputType type = inputType(layer, in);
    if (layer instanceof FeedForwardLayer reader) {
      FeedForwardLayer fitting = (FeedForwardLayer) reader.clone();
      fitting.setNIn(type, true);
      if (fitting.getNIn() != reader.getNIn()) {
        throw new IllegalArgumentException(
            "reads %d features, but its input has %d".formatted(reader.getNIn(), fitting.getNIn()));
      }
    }
    checkOptions(layer, in);
    Shape out = shape(layer.getOutputType(0, type));
    if (layer instanceof ConvolutionLayer convolution) {
      checkWindows(convolution, in, out);
    } else if (layer instanceof SubsamplingLayer pooling) {
      checkWindows(pooling, in, out);
    }
    return new Dl4jLayer(LayerJson.of(layer), out, parameters(layer));
  }

  /**
   * Holds layers that come from outside to what their configurations say of them.
   *
   * @throws IllegalArgumentException if a configuration is not one of a known layer that fits
   *     there, or says something else than the layer, or an example would take too much
   */
  public static void check(Architecture architecture) {
    ExampleCost cost = architecture.cost();
    for (int i = 0; i < architecture.layers().size(); i++) {
      if (architecture.layers().get(i) instanceof Dl4jLayer own) {
        Shape in = architecture.inputShape(i);
        check(own, in, i);
        cost = cost.plus(windows(own, in, architecture.outputShape(i)));
        cost.check(i);
      }
    }
  }

  static void check(Dl4jLayer stock, Shape in, int index) {
    String place = "layer " + index + ", which DL4J runs: ";
    try {
      Dl4jLayer right = of(configuration(stock), in);
      if (!right.output().equals(stock.output())) {
        throw new IllegalArgumentException(
            "its output is %s, not %s".formatted(right.output(), stock.output()));
      }
      if (!right.parameters().equals(stock.parameters())) {
        throw new IllegalArgumentException(
            "its parameters are %s, not %s".formatted(right.parameters(), stock.parameters()));
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + Dl4jJson.shown(String.valueOf(e.getMessage())), e);
    }
  }

  /** The configuration that {@link #of} kept. */
  public static org.deeplearning4j.nn.conf.layers.Layer configuration(Dl4jLayer stock) {
    return LayerJson.layer(stock.configuration());
  }

  /**
   * Whether DL4J's layer reads vectors, to which images have to be flattened, channel-major, and
   * not images, of one place though they be.
   *
   * @param in what the layer reads, in which what a function is applied to is a vector if it can be
   */
  public static boolean readsVectors(org.deeplearning4j.nn.conf.layers.Layer layer, Shape in) {
    return readsVectors(layer) || layer instanceof ActivationLayer && in.isPoint();
  }

  /** Whether a layer reads vectors, whatever it is given. */
  static boolean readsVectors(org.deeplearning4j.nn.conf.layers.Layer layer) {
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

  /** What DL4J takes of a configuration, but cannot run, or runs on images of another order. */
  private static void checkOptions(org.deeplearning4j.nn.conf.layers.Layer layer, Shape in) {
    if (!LayerJson.isChannelsFirst(layer)) {
      throw new IllegalArgumentException("its data format must be NCHW");
    }
    if (layer instanceof ConvolutionLayer convolution) {
      checkMode(convolution.getConvolutionMode());
    } else if (layer instanceof SubsamplingLayer pooling) {
      checkMode(pooling.getConvolutionMode());
      PoolingType type = pooling.getPoolingType();
      if (type == null || type == PoolingType.SUM) {
        throw new IllegalArgumentException("poolingType = " + type + ": must be MAX, AVG or PNORM");
      }
    } else if (layer instanceof GlobalPoolingLayer pooling) {
      int[] sides = pooling.getPoolingDimensions();
      if (sides != null && !Arrays.equals(sides, new int[] {2, 3})) {
        throw new IllegalArgumentException(
            "poolingDimensions = %s: must be [2, 3]".formatted(Arrays.toString(sides)));
      }
    } else if (layer instanceof SpaceToDepthLayer blocks) {
      int size = blocks.getBlockSize();
      if (in.height() % size != 0 || in.width() % size != 0) {
        throw new IllegalArgumentException(
            "blockSize = %d: must divide height and width, %d×%d"
                .formatted(size, in.height(), in.width()));
      }
    } else if (layer instanceof LocalResponseNormalization normalization) {
      // DL4J takes whole neighbours on either side.
      if ((int) normalization.getN() / 2 >= in.channels()) {
        throw new IllegalArgumentException(
            "n = %s: half of it must be less than the channels, %d"
                .formatted(normalization.getN(), in.channels()));
      }
    }
  }

  private static void checkMode(@Nullable ConvolutionMode mode) {
    if (mode == ConvolutionMode.Causal) {
      throw new IllegalArgumentException("convolutionMode = Causal: is for sequences alone");
    }
  }

  private static void checkWindows(ConvolutionLayer layer, Shape in, Shape out) {
    int[] kernel = layer.getKernelSize();
    boolean depthwise =
        layer instanceof DepthwiseConvolution2D || layer instanceof SeparableConvolution2D;
    if (depthwise && in.channels() == 1 && kernel[0] * kernel[1] == 1 && out.isPoint()) {
      throw new IllegalArgumentException("it reads a single number");
    }
    // A deconvolution's lie on its output, which is as large as they need.
    if (!(layer instanceof Deconvolution2D)) {
      StockWindows.of(
          layer.getConvolutionMode(),
          kernel,
          layer.getStride(),
          layer.getDilation(),
          layer.getPadding(),
          in,
          out);
    }
  }

  private static void checkWindows(SubsamplingLayer layer, Shape in, Shape out) {
    StockWindows.of(
            layer.getConvolutionMode(),
            layer.getKernelSize(),
            layer.getStride(),
            layer.getDilation(),
            layer.getPadding(),
            in,
            out)
        .forEach(StockWindows::checkInside);
  }

  /** The numbers under all windows of a layer, as DL4J copies them for convolutions. */
  private static ExampleCost windows(Dl4jLayer stock, Shape in, Shape out) {
    org.deeplearning4j.nn.conf.layers.Layer layer = configuration(stock);
    double places = (double) out.height() * out.width();
    if (layer instanceof ConvolutionLayer convolution) {
      int[] kernel = convolution.getKernelSize();
      double area = (double) kernel[0] * kernel[1];
      double copied =
          layer instanceof Deconvolution2D
              ? area * out.channels() * in.height() * in.width()
              : area * in.channels() * places;
      double between =
          layer instanceof SeparableConvolution2D separable
              ? places * in.channels() * separable.getDepthMultiplier()
              : 0;
      return new ExampleCost(copied + between, 0);
    }
    if (layer instanceof SubsamplingLayer pooling) {
      int[] kernel = pooling.getKernelSize();
      double read = (double) out.size() * kernel[0] * kernel[1];
      return new ExampleCost(0, ExampleCost.SLOW * read);
    }
    if (layer instanceof LocalResponseNormalization normalization) {
      return new ExampleCost(0, ExampleCost.SLOW * in.size() * normalization.getN());
    }
    return ExampleCost.NONE;
  }

  /** The tensors in the order in which they lie among the layer's parameters. */
  private static List<Parameter> parameters(org.deeplearning4j.nn.conf.layers.Layer layer) {
    List<Parameter> parameters = new ArrayList<>();
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
    long count = parameters.stream().mapToLong(Parameter::size).sum();
    NeuralNetConfiguration configuration = new NeuralNetConfiguration();
    configuration.setLayer(layer);
    if (count != layer.initializer().numParams(configuration)) {
      throw new IllegalArgumentException("its parameters are not known");
    }
    return parameters;
  }

  private static void convolution(ConvolutionLayer layer, List<Parameter> parameters) {
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
  private static Parameter tensor(String name, long rows, long columns) {
    boolean weight = rows > 1 && columns > 1;
    long size = Math.multiplyExact(rows, columns);
    return new Parameter(
        name,
        weight ? Role.WEIGHT : Role.BIAS,
        weight ? Math.toIntExact(rows) : 1,
        Math.toIntExact(weight ? columns : size));
  }
}
