package dev.pare.model;

import dev.pare.graph.Activation;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Pooling;
import dev.pare.graph.Window;
import dev.pare.model.ReadGraph.Form;
import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
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
import org.jspecify.annotations.Nullable;

/** Layers: what Pare has one for becomes that, what it has not is left to DL4J to run. */
final class LayerReader {
  private static final String OTHER_RECURRENCE =
      "of recurrent layers, Pare knows LSTMs with tanh and logistic gates";

  private final ReadGraph graph;
  private final ActivationReader activations;

  LayerReader(ReadGraph graph, ActivationReader activations) {
    this.graph = graph;
    this.activations = activations;
  }

  void add(org.deeplearning4j.nn.conf.layers.Layer layer) {
    if (layer instanceof DropoutLayer) {
      return;
    }
    if (layer instanceof ActivationLayer activation) {
      activations.activate(activation.getActivationFn());
    } else if (layer instanceof LossLayer loss) {
      activations.activate(loss.getActivationFn());
    } else if (layer instanceof OutputLayer
        || layer.getClass() == DenseLayer.class && !((DenseLayer) layer).hasLayerNorm()) {
      dense((FeedForwardLayer) layer);
    } else if (layer
        instanceof org.deeplearning4j.nn.conf.layers.BatchNormalization normalization) {
      normalize(normalization);
    } else if (layer instanceof LSTM lstm) {
      recurrent(lstm, Lstm.Steps.ALL);
    } else if (layer instanceof LastTimeStep last && last.getUnderlying() instanceof LSTM lstm) {
      recurrent(lstm, Lstm.Steps.LAST);
    } else if (layer instanceof SubsamplingLayer pooling) {
      pool(pooling);
    } else if (layer instanceof GlobalPoolingLayer pooling) {
      poolAll(pooling);
    } else if (layer instanceof ConvolutionLayer convolution) {
      convolve(convolution);
    } else if (layer instanceof LastTimeStep || layer instanceof BaseRecurrentLayer) {
      throw new IllegalArgumentException(OTHER_RECURRENCE);
    } else if (layer instanceof BaseOutputLayer) {
      throw new IllegalArgumentException("Pare knows outputs of one class an example");
    } else {
      stock(layer);
    }
  }

  private static int width(long units) {
    return Math.toIntExact(units);
  }

  private void dense(FeedForwardLayer layer) {
    graph.require(Form.VECTOR);
    int units = width(layer.getNOut());
    float[] weights = rows(layer.getNIn(), "W");
    if (graph.order != null) {
      float[] moved = new float[weights.length];
      for (int i = 0; i < weights.length; i++) {
        moved[i / graph.order.length * graph.order.length + graph.order[i % graph.order.length]] =
            weights[i];
      }
      weights = moved;
      graph.order = null;
    }
    boolean bias =
        layer instanceof DenseLayer hidden ? hidden.hasBias() : ((OutputLayer) layer).hasBias();
    activations.put(
        activation -> new Dense(units, activation),
        layer.getActivationFn(),
        weights,
        bias ? ReadGraph.values(graph.tensor("b")) : new float[units]);
  }

  /** A matrix with a row for each unit; DL4J has a column. */
  private float[] rows(long features, String name) {
    if (features != graph.shape.size() && name.equals("W") && graph.form == Form.VECTOR) {
      throw new IllegalArgumentException(
          "reads %d features, but its input has %d".formatted(features, graph.shape.size()));
    }
    return ReadGraph.values(graph.tensor(name).transpose());
  }

  private void normalize(org.deeplearning4j.nn.conf.layers.BatchNormalization layer) {
    if (graph.form == Form.INPUT) {
      graph.require(graph.shape.isPoint() ? Form.VECTOR : ReadGraph.form(layer.getCnn2DFormat()));
    }
    if (graph.form != Form.VECTOR) {
      graph.require(layer.getCnn2DFormat());
    } else if (!graph.shape.isPoint()) {
      throw new IllegalArgumentException("it is not supported behind a flattening");
    }
    int channels = graph.shape.channels();
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
      gamma = ReadGraph.values(graph.tensor("gamma"));
      beta = ReadGraph.values(graph.tensor("beta"));
    }
    float[] variance;
    if (layer.isUseLogStd()) {
      variance = ReadGraph.values(graph.tensor("log10stdev"));
      for (int i = 0; i < variance.length; i++) {
        variance[i] = (float) Math.pow(10, 2.0 * variance[i]);
      }
    } else {
      variance = ReadGraph.values(graph.tensor("var"));
    }
    // Where it is 0, a number that is nothing beside a variance.
    float epsilon = Math.max((float) layer.getEps(), Float.MIN_NORMAL);
    graph.put(
        new BatchNormalization(epsilon, Activation.IDENTITY),
        gamma,
        beta,
        ReadGraph.values(graph.tensor("mean")),
        variance);
  }

  private void recurrent(LSTM layer, Lstm.Steps output) {
    if (!layer.getActivationFn().equals(Dl4jLayers.dl4j(Activation.TANH).getActivationFunction())
        || !layer
            .getGateActivationFn()
            .equals(Dl4jLayers.dl4j(Activation.SIGMOID).getActivationFunction())
        || layer.getRnnDataFormat() == RNNFormat.NWC) {
      throw new IllegalArgumentException(OTHER_RECURRENCE);
    }
    graph.require(Form.SEQUENCE);
    if (layer.getNIn() != (long) graph.shape.channels() * graph.shape.width()) {
      throw new IllegalArgumentException(
          "reads %d features a step, but its input has %d"
              .formatted(layer.getNIn(), graph.shape.channels() * graph.shape.width()));
    }
    graph.put(
        new Lstm(width(layer.getNOut()), output),
        rows(layer.getNIn(), "W"),
        rows(layer.getNOut(), "RW"),
        ReadGraph.values(graph.tensor("b")));
    graph.form = output == Lstm.Steps.LAST ? Form.VECTOR : Form.SEQUENCE;
  }

  private void pool(SubsamplingLayer layer) {
    graph.require(layer.getCnn2dDataFormat());
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
      graph.put(new Pooling(pool.get(), window[0], stride[0]));
    } else {
      stock(layer);
    }
  }

  private void poolAll(GlobalPoolingLayer layer) {
    int[] sides = layer.getPoolingDimensions();
    int[] ofLast = {1, 2};
    boolean last =
        graph.form == Form.CHANNELS_LAST
            || graph.form == Form.INPUT && Arrays.equals(sides, ofLast);
    graph.require(last ? Form.CHANNELS_LAST : Form.CHANNELS_FIRST);
    int[] right = last ? ofLast : new int[] {2, 3};
    if (!layer.isCollapseDimensions() || sides != null && !Arrays.equals(sides, right)) {
      throw new IllegalArgumentException("Pare knows pooling over height and width, to a vector");
    }
    Optional<Pooling.Pool> pool = pool(layer.getPoolingType());
    if (pool.isPresent() && graph.shape.height() == graph.shape.width()) {
      graph.put(new Pooling(pool.get(), graph.shape.height(), graph.shape.height()));
    } else {
      GlobalPoolingLayer first = (GlobalPoolingLayer) layer.clone();
      first.setPoolingDimensions(null);
      graph.put(StockLayers.of(first, graph.shape));
    }
    graph.form = Form.VECTOR;
  }

  private static Optional<Pooling.Pool> pool(PoolingType type) {
    return switch (type) {
      case MAX -> Optional.of(Pooling.Pool.MAX);
      case AVG -> Optional.of(Pooling.Pool.AVERAGE);
      case SUM, PNORM -> Optional.empty();
    };
  }

  private void convolve(ConvolutionLayer layer) {
    int[] kernel = layer.getKernelSize();
    int[] stride = layer.getStride();
    Optional<int[]> padding =
        padding(layer.getConvolutionMode(), kernel, stride, layer.getPadding());
    if (layer.getClass() != ConvolutionLayer.class
        || padding.isEmpty()
        || padding.get()[0] >= kernel[0]
        || padding.get()[1] >= kernel[1]
        || !isOne(layer.getDilation())) {
      stock(layer);
      return;
    }
    graph.require(layer.getCnn2dDataFormat());
    if (layer.getNIn() != graph.shape.channels()) {
      throw new IllegalArgumentException(
          "reads %d channels, but its input has %d"
              .formatted(layer.getNIn(), graph.shape.channels()));
    }
    int filters = width(layer.getNOut());
    Window vertical = new Window(kernel[0], stride[0], padding.get()[0]);
    Window horizontal = new Window(kernel[1], stride[1], padding.get()[1]);
    activations.put(
        activation -> new Convolution(filters, vertical, horizontal, activation),
        layer.getActivationFn(),
        ReadGraph.values(graph.tensor("W")),
        layer.hasBias() ? ReadGraph.values(graph.tensor("b")) : new float[filters]);
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
    int[] sides = {graph.shape.height(), graph.shape.width()};
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
  private void stock(org.deeplearning4j.nn.conf.layers.Layer layer) {
    org.deeplearning4j.nn.conf.layers.Layer first = layer.clone();
    // It would draw from ND4J's one random generator.
    first.setIDropout(null);
    if (StockLayers.readsVectors(layer)) {
      graph.require(Form.VECTOR);
      if (graph.order != null) {
        throw new IllegalArgumentException("it is not supported behind channels that came last");
      }
    } else if (first instanceof ConvolutionLayer convolution) {
      graph.require(convolution.getCnn2dDataFormat());
      convolution.setCnn2dDataFormat(CNN2DFormat.NCHW);
    } else if (first instanceof SubsamplingLayer pooling) {
      pooling.setCnn2dDataFormat(CNN2DFormat.NCHW);
    } else if (first instanceof ZeroPaddingLayer padding) {
      graph.require(padding.getDataFormat());
      padding.setDataFormat(CNN2DFormat.NCHW);
    } else if (first instanceof Cropping2D cropping) {
      graph.require(cropping.getDataFormat());
      cropping.setDataFormat(CNN2DFormat.NCHW);
    } else if (first instanceof Upsampling2D upsampling) {
      graph.require(upsampling.getFormat());
      upsampling.setFormat(CNN2DFormat.NCHW);
    } else if (first instanceof LocalResponseNormalization || first instanceof SpaceToDepthLayer) {
      graph.require(Form.CHANNELS_FIRST);
    } else {
      throw new IllegalArgumentException("it is not supported");
    }
    Dl4jLayer stock = StockLayers.of(first, graph.shape);
    if (stock.parameters().isEmpty()) {
      graph.put(stock);
    } else {
      graph.put(stock, graph.all());
    }
  }
}
