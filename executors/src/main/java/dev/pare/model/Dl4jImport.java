package dev.pare.model;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.Pooling;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network of DL4J in Pare's terms, layer by layer: what Pare has a layer for becomes that, what
 * it has not is left to DL4J to run, and what neither can do is refused. Images with their channels
 * last become such with their channels first, and where they are flattened the weights of the next
 * dense layer change places.
 */
public final class Dl4jImport {
  private static final String OTHER_RECURRENCE =
      "of recurrent layers, Pare knows LSTMs with tanh and logistic gates";

  private final MultiLayerNetwork dl4j;
  private final InputShape input;
  private final List<Layer> layers = new ArrayList<>();
  private final List<float[]> parameters = new ArrayList<>();
  private final Network network;

  /** What flows to the next layer, as Pare has it. */
  private Shape shape;

  /** What flows to the next layer, as DL4J has it. */
  private Form form = Form.INPUT;

  /** What the first layer reads, as DL4J has it. */
  private Form read = Form.INPUT;

  /** For each number of a vector as DL4J has it, where Pare has it; null: at the same place. */
  private int @Nullable [] order;

  /** The layer that has the softmax at the end, or −1. */
  private int softmax = -1;

  private enum Form {
    /** The input: whatever the first layer wants of it. */
    INPUT,
    VECTOR,
    CHANNELS_FIRST,
    CHANNELS_LAST,
    SEQUENCE;

    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * @param input what the network reads
   * @throws IllegalArgumentException naming the first layer that cannot be run
   */
  public Dl4jImport(MultiLayerNetwork dl4j, InputShape input) {
    this.dl4j = dl4j;
    this.input = input;
    this.shape = new Shape(input.channels(), input.height(), input.width());
    for (int i = 0; i < dl4j.getnLayers(); i++) {
      org.deeplearning4j.nn.conf.layers.Layer layer = configuration(i);
      try {
        flatten(dl4j.getLayerWiseConfigurations().getInputPreProcess(i));
        add(layer, i);
      } catch (RuntimeException e) {
        throw new IllegalArgumentException(
            "layer %d (%s): %s".formatted(i, layer.getClass().getSimpleName(), e.getMessage()), e);
      }
    }
    float[] all = new float[parameters.stream().mapToInt(values -> values.length).sum()];
    int end = 0;
    for (float[] values : parameters) {
      System.arraycopy(values, 0, all, end, values.length);
      end += values.length;
    }
    Architecture architecture = new Architecture(input, layers);
    StockLayers.check(architecture);
    this.network = new Network(architecture, all);
  }

  /** The network. */
  public Network network() {
    return network;
  }

  private static void removeSoftmax(org.deeplearning4j.nn.conf.layers.Layer last) {
    if (last instanceof ActivationLayer activation) {
      activation.setActivationFn(new ActivationIdentity());
    } else {
      ((BaseLayer) last).setActivationFn(new ActivationIdentity());
    }
  }

  /**
   * What DL4J's own network says before its softmax, if it has one, which it has no more
   * afterwards.
   *
   * @param inputs {@code [batch × features]}, raw: divided by the input's divisor here
   * @return {@code [batch × classes]}
   */
  public float[] logits(float[] inputs, int batch) {
    if (softmax >= 0) {
      removeSoftmax(dl4j.getLayer(softmax).conf().getLayer());
    }
    float[] divided = new float[inputs.length];
    for (int i = 0; i < divided.length; i++) {
      divided[i] = inputs[i] / input.divisor();
    }
    INDArray images =
        Nd4j.create(
            divided, new long[] {batch, input.channels(), input.height(), input.width()}, 'c');
    INDArray features =
        switch (read) {
          case INPUT, VECTOR -> images.reshape('c', batch, input.size());
          case CHANNELS_FIRST -> images;
          case CHANNELS_LAST -> images.permute(0, 2, 3, 1).dup('c');
          case SEQUENCE ->
              images
                  .permute(0, 1, 3, 2)
                  .dup('c')
                  .reshape('c', batch, (long) input.channels() * input.width(), input.height());
        };
    return dl4j.output(features, false).dup('c').data().asFloat();
  }

  private org.deeplearning4j.nn.conf.layers.Layer configuration(int index) {
    return dl4j.getLayerWiseConfigurations().getConf(index).getLayer();
  }

  /** Images to vectors and back, as an input preprocessor has it. */
  private void flatten(@Nullable InputPreProcessor preProcessor) {
    if (preProcessor == null) {
      return;
    }
    Shape its;
    if (preProcessor instanceof FeedForwardToCnnPreProcessor image) {
      its = shape(image.getNumChannels(), image.getInputHeight(), image.getInputWidth());
      wants(Form.VECTOR);
      if (order != null) {
        throw new IllegalArgumentException("an image of a vector that was flattened otherwise");
      }
      form = Form.CHANNELS_FIRST;
    } else if (preProcessor instanceof CnnToFeedForwardPreProcessor vector) {
      its = shape(vector.getNumChannels(), vector.getInputHeight(), vector.getInputWidth());
      boolean last = vector.getFormat() == CNN2DFormat.NHWC;
      wants(last ? Form.CHANNELS_LAST : Form.CHANNELS_FIRST);
      form = Form.VECTOR;
      order = last || vector instanceof ChannelsLastFlattening ? channelsLast(shape) : null;
    } else {
      throw new IllegalArgumentException(
          "input preprocessor " + preProcessor.getClass().getSimpleName() + " is not supported");
    }
    if (!its.equals(shape)) {
      throw new IllegalArgumentException(
          "its input preprocessor is for %s, but there are %s".formatted(text(its), text(shape)));
    }
  }

  private static Shape shape(long channels, long height, long width) {
    return new Shape(Math.toIntExact(channels), Math.toIntExact(height), Math.toIntExact(width));
  }

  private static String text(Shape shape) {
    return shape.channels() + "×" + shape.height() + "×" + shape.width();
  }

  private static int[] channelsLast(Shape shape) {
    int area = shape.height() * shape.width();
    int[] order = new int[shape.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i % shape.channels() * area + i / shape.channels();
    }
    return order;
  }

  /** Makes sure that what flows here is as a layer wants it. */
  private void wants(Form wanted) {
    if (form == Form.INPUT) {
      read = wanted;
      form = wanted;
    }
    if (form != wanted) {
      throw new IllegalArgumentException(
          "reads %s, but its input is %s".formatted(wanted.text(), form.text()));
    }
  }

  private void wants(CNN2DFormat format) {
    wants(format == CNN2DFormat.NHWC ? Form.CHANNELS_LAST : Form.CHANNELS_FIRST);
  }

  private void add(org.deeplearning4j.nn.conf.layers.Layer layer, int index) {
    if (layer instanceof DropoutLayer) {
      return;
    }
    if (layer instanceof ActivationLayer activation) {
      activate(activation.getActivationFn(), index);
    } else if (layer instanceof LossLayer loss) {
      activate(loss.getActivationFn(), index);
    } else if (layer instanceof OutputLayer
        || layer.getClass() == DenseLayer.class && !((DenseLayer) layer).hasLayerNorm()) {
      dense((FeedForwardLayer) layer, index);
    } else if (layer
        instanceof org.deeplearning4j.nn.conf.layers.BatchNormalization normalization) {
      normalize(normalization, index);
    } else if (layer instanceof LSTM lstm) {
      recurrent(lstm, Lstm.Steps.ALL, index);
    } else if (layer instanceof LastTimeStep last && last.getUnderlying() instanceof LSTM lstm) {
      recurrent(lstm, Lstm.Steps.LAST, index);
    } else if (layer instanceof SubsamplingLayer pooling) {
      pool(pooling, index);
    } else if (layer instanceof GlobalPoolingLayer pooling) {
      poolAll(pooling, index);
    } else if (layer instanceof ConvolutionLayer convolution) {
      convolve(convolution, index);
    } else if (layer instanceof LastTimeStep || layer instanceof BaseRecurrentLayer) {
      throw new IllegalArgumentException(OTHER_RECURRENCE);
    } else if (layer instanceof BaseOutputLayer) {
      throw new IllegalArgumentException("Pare knows outputs of one class an example");
    } else {
      stock(layer, index);
    }
  }

  private void put(Layer layer, int index, float[]... tensors) {
    layers.add(layer);
    shape = after(layer, index);
    parameters.addAll(Arrays.asList(tensors));
  }

  private Shape after(Layer layer, int index) {
    try {
      return layer.output(List.of(shape));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("layer " + index + ": " + e.getMessage(), e);
    }
  }

  private INDArray tensor(int layer, String name) {
    return dl4j.getLayer(layer).getParam(name);
  }

  private static float[] values(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  private static int width(long units) {
    return Math.toIntExact(units);
  }

  /** A function of what the layer before it makes, or of the input. */
  private void activate(IActivation function, int index) {
    if (function.equals(new ActivationIdentity())) {
      return;
    }
    Optional<Activation> own = own(function, index);
    if (own.isPresent() && !layers.isEmpty()) {
      Layer last = layers.get(layers.size() - 1);
      Optional<Layer> activated = activated(last, own.get());
      if (activated.isPresent()) {
        layers.set(layers.size() - 1, activated.get());
        return;
      }
    }
    if (function instanceof ActivationSoftmax && shape.height() * shape.width() > 1) {
      throw new IllegalArgumentException("softmax of images is not supported");
    }
    // Without parameters, and the same of every number wherever it is.
    put(StockLayers.of(new ActivationLayer(function), shape), index);
  }

  private static Optional<Layer> activated(Layer last, Activation function) {
    boolean takes =
        last instanceof Dense
            || (last instanceof Convolution || last instanceof BatchNormalization)
                && function != Activation.SOFTMAX;
    return takes && last.activation() == Activation.IDENTITY
        ? Optional.of(last.withActivation(function))
        : Optional.empty();
  }

  /** Pare's own function; it has softmax at the very end alone. */
  private Optional<Activation> own(IActivation function, int index) {
    Optional<Activation> own = Dl4jLayers.own(function);
    if (own.isPresent() && own.get() == Activation.SOFTMAX) {
      for (int i = index + 1; i < dl4j.getnLayers(); i++) {
        if (!isNothing(configuration(i))) {
          return Optional.empty();
        }
      }
      softmax = index;
    }
    return own;
  }

  private static boolean isNothing(org.deeplearning4j.nn.conf.layers.Layer layer) {
    return layer instanceof DropoutLayer
        || layer instanceof LossLayer loss
            && loss.getActivationFn().equals(new ActivationIdentity());
  }

  /** A layer that Pare has, and its activation, which is perhaps left to DL4J. */
  private void put(
      Function<Activation, Layer> layer, IActivation function, int index, float[]... tensors) {
    Optional<Activation> own = own(function, index);
    put(layer.apply(own.orElse(Activation.IDENTITY)), index, tensors);
    if (own.isEmpty()) {
      activate(function, index);
    }
  }

  private void dense(FeedForwardLayer layer, int index) {
    wants(Form.VECTOR);
    int units = width(layer.getNOut());
    float[] weights = rows(index, layer.getNIn(), "W");
    if (order != null) {
      float[] moved = new float[weights.length];
      for (int i = 0; i < weights.length; i++) {
        moved[i / order.length * order.length + order[i % order.length]] = weights[i];
      }
      weights = moved;
      order = null;
    }
    boolean bias =
        layer instanceof DenseLayer hidden ? hidden.hasBias() : ((OutputLayer) layer).hasBias();
    put(
        activation -> new Dense(units, activation),
        layer.getActivationFn(),
        index,
        weights,
        bias ? values(tensor(index, "b")) : new float[units]);
  }

  /** A matrix with a row for each unit; DL4J has a column. */
  private float[] rows(int index, long features, String name) {
    if (features != shape.size() && name.equals("W") && form == Form.VECTOR) {
      throw new IllegalArgumentException(
          "reads %d features, but its input has %d".formatted(features, shape.size()));
    }
    return values(tensor(index, name).transpose());
  }

  private void normalize(org.deeplearning4j.nn.conf.layers.BatchNormalization layer, int index) {
    if (form == Form.INPUT) {
      wants(shape.height() * shape.width() == 1 ? Form.VECTOR : form(layer.getCnn2DFormat()));
    }
    if (form != Form.VECTOR) {
      wants(layer.getCnn2DFormat());
    } else if (shape.height() * shape.width() > 1) {
      throw new IllegalArgumentException("it is not supported behind a flattening");
    }
    int channels = shape.channels();
    if (layer.getNOut() != channels) {
      throw new IllegalArgumentException(
          "of %d channels, but its input has %d".formatted(layer.getNOut(), channels));
    }
    float[] gamma = new float[channels];
    float[] beta = new float[channels];
    if (layer.isLockGammaBeta()) {
      Arrays.fill(gamma, (float) layer.getGamma());
      Arrays.fill(beta, (float) layer.getBeta());
    } else {
      gamma = values(tensor(index, "gamma"));
      beta = values(tensor(index, "beta"));
    }
    float[] variance;
    if (layer.isUseLogStd()) {
      variance = values(tensor(index, "log10stdev"));
      for (int i = 0; i < variance.length; i++) {
        variance[i] = (float) Math.pow(10, 2.0 * variance[i]);
      }
    } else {
      variance = values(tensor(index, "var"));
    }
    // Where it is 0, a number that is nothing beside a variance.
    float epsilon = Math.max((float) layer.getEps(), Float.MIN_NORMAL);
    put(
        new BatchNormalization(epsilon, Activation.IDENTITY),
        index,
        gamma,
        beta,
        values(tensor(index, "mean")),
        variance);
  }

  private static Form form(CNN2DFormat format) {
    return format == CNN2DFormat.NHWC ? Form.CHANNELS_LAST : Form.CHANNELS_FIRST;
  }

  private void recurrent(LSTM layer, Lstm.Steps output, int index) {
    if (!layer.getActivationFn().equals(Dl4jLayers.dl4j(Activation.TANH).getActivationFunction())
        || !layer
            .getGateActivationFn()
            .equals(Dl4jLayers.dl4j(Activation.SIGMOID).getActivationFunction())
        || layer.getRnnDataFormat() == RNNFormat.NWC) {
      throw new IllegalArgumentException(OTHER_RECURRENCE);
    }
    wants(Form.SEQUENCE);
    if (layer.getNIn() != (long) shape.channels() * shape.width()) {
      throw new IllegalArgumentException(
          "reads %d features a step, but its input has %d"
              .formatted(layer.getNIn(), shape.channels() * shape.width()));
    }
    put(
        new Lstm(width(layer.getNOut()), output),
        index,
        rows(index, layer.getNIn(), "W"),
        rows(index, layer.getNOut(), "RW"),
        values(tensor(index, "b")));
    form = output == Lstm.Steps.LAST ? Form.VECTOR : Form.SEQUENCE;
  }

  private void pool(SubsamplingLayer layer, int index) {
    wants(layer.getCnn2dDataFormat());
    int[] window = layer.getKernelSize();
    int[] stride = layer.getStride();
    Optional<Pooling.Pool> pool = pool(layer.getPoolingType());
    Optional<int[]> padding =
        padding(layer.getConvolutionMode(), window, stride, layer.getPadding());
    if (pool.isPresent()
        && padding.isPresent()
        && padding.get()[0] == 0
        && padding.get()[1] == 0
        && isOne(layer.getDilation())
        && window[0] == window[1]
        && stride[0] == stride[1]) {
      put(new Pooling(pool.get(), window[0], stride[0]), index);
    } else {
      stock(layer, index);
    }
  }

  private void poolAll(GlobalPoolingLayer layer, int index) {
    int[] sides = layer.getPoolingDimensions();
    int[] ofLast = {1, 2};
    boolean last = form == Form.CHANNELS_LAST || form == Form.INPUT && Arrays.equals(sides, ofLast);
    wants(last ? Form.CHANNELS_LAST : Form.CHANNELS_FIRST);
    int[] right = last ? ofLast : new int[] {2, 3};
    if (!layer.isCollapseDimensions() || sides != null && !Arrays.equals(sides, right)) {
      throw new IllegalArgumentException("Pare knows pooling over height and width, to a vector");
    }
    Optional<Pooling.Pool> pool = pool(layer.getPoolingType());
    if (pool.isPresent() && shape.height() == shape.width()) {
      put(new Pooling(pool.get(), shape.height(), shape.height()), index);
    } else {
      GlobalPoolingLayer first = (GlobalPoolingLayer) layer.clone();
      first.setPoolingDimensions(null);
      put(StockLayers.of(first, shape), index);
    }
    form = Form.VECTOR;
  }

  private static Optional<Pooling.Pool> pool(PoolingType type) {
    return switch (type) {
      case MAX -> Optional.of(Pooling.Pool.MAX);
      case AVG -> Optional.of(Pooling.Pool.AVERAGE);
      case SUM, PNORM -> Optional.empty();
    };
  }

  private static Optional<Pooling.Pool> pool(SubsamplingLayer.PoolingType type) {
    return pool(PoolingType.valueOf(type.name()));
  }

  private void convolve(ConvolutionLayer layer, int index) {
    int[] kernel = layer.getKernelSize();
    int[] stride = layer.getStride();
    Optional<int[]> padding =
        padding(layer.getConvolutionMode(), kernel, stride, layer.getPadding());
    if (layer.getClass() != ConvolutionLayer.class
        || padding.isEmpty()
        || padding.get()[0] >= kernel[0]
        || padding.get()[1] >= kernel[1]
        || !isOne(layer.getDilation())) {
      stock(layer, index);
      return;
    }
    wants(layer.getCnn2dDataFormat());
    if (layer.getNIn() != shape.channels()) {
      throw new IllegalArgumentException(
          "reads %d channels, but its input has %d".formatted(layer.getNIn(), shape.channels()));
    }
    int filters = width(layer.getNOut());
    Window vertical = new Window(kernel[0], stride[0], padding.get()[0]);
    Window horizontal = new Window(kernel[1], stride[1], padding.get()[1]);
    put(
        activation -> new Convolution(filters, vertical, horizontal, activation),
        layer.getActivationFn(),
        index,
        values(tensor(index, "W")),
        layer.hasBias() ? values(tensor(index, "b")) : new float[filters]);
  }

  private static boolean isOne(int[] dilation) {
    return dilation[0] == 1 && dilation[1] == 1;
  }

  /** How many zeros are at either end of each side, if they are as many at both. */
  private Optional<int[]> padding(
      @Nullable ConvolutionMode mode, int[] kernel, int[] stride, int[] padding) {
    if (mode == null || mode == ConvolutionMode.Truncate || mode == ConvolutionMode.Strict) {
      return Optional.of(padding);
    }
    if (mode != ConvolutionMode.Same) {
      return Optional.empty();
    }
    int[] sides = {shape.height(), shape.width()};
    int[] same = new int[2];
    for (int i = 0; i < 2; i++) {
      int windows = (sides[i] - 1) / stride[i] + 1;
      int zeros = Math.max(0, (windows - 1) * stride[i] + kernel[i] - sides[i]);
      if (zeros % 2 == 1) {
        return Optional.empty();
      }
      same[i] = zeros / 2;
    }
    return Optional.of(same);
  }

  /** A layer that DL4J will run, on channels first. */
  private void stock(org.deeplearning4j.nn.conf.layers.Layer layer, int index) {
    org.deeplearning4j.nn.conf.layers.Layer first = layer.clone();
    // It would draw from ND4J's one random generator.
    first.setIDropout(null);
    if (StockLayers.readsVectors(layer)) {
      wants(Form.VECTOR);
      if (order != null) {
        throw new IllegalArgumentException("it is not supported behind channels that came last");
      }
    } else if (first instanceof ConvolutionLayer convolution) {
      wants(convolution.getCnn2dDataFormat());
      convolution.setCnn2dDataFormat(CNN2DFormat.NCHW);
    } else if (first instanceof SubsamplingLayer pooling) {
      pooling.setCnn2dDataFormat(CNN2DFormat.NCHW);
    } else if (first instanceof ZeroPaddingLayer padding) {
      wants(padding.getDataFormat());
      padding.setDataFormat(CNN2DFormat.NCHW);
    } else if (first instanceof Cropping2D cropping) {
      wants(cropping.getDataFormat());
      cropping.setDataFormat(CNN2DFormat.NCHW);
    } else if (first instanceof Upsampling2D upsampling) {
      wants(upsampling.getFormat());
      upsampling.setFormat(CNN2DFormat.NCHW);
    } else if (first instanceof LocalResponseNormalization || first instanceof SpaceToDepthLayer) {
      wants(Form.CHANNELS_FIRST);
    } else {
      throw new IllegalArgumentException("it is not supported");
    }
    Dl4jLayer stock = StockLayers.of(first, shape);
    if (stock.parameters().isEmpty()) {
      put(stock, index);
    } else {
      put(stock, index, values(dl4j.getLayer(index).params().reshape(-1)));
    }
  }
}
