package dev.pare.model;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Arithmetic;
import dev.pare.graph.Arithmetic.Operation;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Elementwise;
import dev.pare.graph.ExampleCost;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.Pooling;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Window;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
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
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network of DL4J in Pare's terms, vertex by vertex: what Pare has a layer for becomes that, what
 * it has not is left to DL4J to run, and what neither can do is refused. Images with their channels
 * last become such with their channels first, and where they are flattened the weights of the next
 * dense layer change places.
 */
public final class Dl4jImport {
  private static final String OTHER_RECURRENCE =
      "of recurrent layers, Pare knows LSTMs with tanh and logistic gates";

  private final ComputationGraph dl4j;
  private final InputShape input;
  private final List<Node> nodes = new ArrayList<>();
  private final List<float[]> parameters = new ArrayList<>();
  private final Network network;

  /** What its layers make for an example. */
  private ExampleCost cost = ExampleCost.NONE;

  /** What each vertex makes, by its name. */
  private final Map<String, Value> values = new HashMap<>();

  /** The vertices on the way to the output, and how often each is read there. */
  private final Map<String, Integer> reads = new HashMap<>();

  /** The vertices behind which nothing is computed. */
  private final Set<String> ends = new HashSet<>();

  /** The vertex that is being read. */
  private String vertex = "";

  /** The node that makes what flows to the next layer. */
  private int at = Node.NETWORK_INPUT;

  /** What flows to the next layer, as Pare has it. */
  private Shape shape;

  /** What flows to the next layer, as DL4J has it. */
  private Form form = Form.INPUT;

  /** What the network reads, as DL4J has it. */
  private Form read = Form.INPUT;

  /** For each number of a vector as DL4J has it, where Pare has it; null: at the same place. */
  private int @Nullable [] order;

  /** Whether others read what flows to the next layer, too. */
  private boolean shared;

  /** The vertex of the layer that has the softmax at the end. */
  private @Nullable String softmax;

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

  /** What a vertex makes, likewise. */
  private record Value(int node, Shape shape, Form form, int @Nullable [] order, boolean shared) {}

  /**
   * @param dl4j of one input and one output
   * @param input what the network reads
   * @throws IllegalArgumentException naming the first vertex that cannot be run
   */
  public Dl4jImport(ComputationGraph dl4j, InputShape input) {
    this.dl4j = dl4j;
    this.input = input;
    this.shape = new Shape(input.channels(), input.height(), input.width());
    ComputationGraphConfiguration graph = dl4j.getConfiguration();
    String output = graph.getNetworkOutputs().get(0);
    findNeeded(output);
    findEnds(output);
    String entry = graph.getNetworkInputs().get(0);
    values.put(entry, new Value(at, shape, form, null, isShared(entry)));
    for (int index : dl4j.topologicalSortOrder()) {
      String name = dl4j.getVertices()[index].getVertexName();
      if (!name.equals(entry) && reads.containsKey(name)) {
        add(name);
      }
    }
    if (values.get(output).node() != nodes.size() - 1) {
      throw new IllegalArgumentException(
          Dl4jJson.shown(output) + ": it must be the last of all layers that are run");
    }
    float[] all = new float[parameters.stream().mapToInt(values -> values.length).sum()];
    int end = 0;
    for (float[] values : parameters) {
      System.arraycopy(values, 0, all, end, values.length);
      end += values.length;
    }
    Architecture architecture = new Architecture(input, nodes);
    StockLayers.check(architecture);
    this.network = new Network(architecture, all);
  }

  /** The network. */
  public Network network() {
    return network;
  }

  private void findNeeded(String output) {
    Deque<String> open = new ArrayDeque<>(List.of(output));
    reads.put(output, 0);
    while (!open.isEmpty()) {
      for (String source : sources(open.pop())) {
        if (reads.merge(source, 1, Integer::sum) == 1) {
          open.push(source);
        }
      }
    }
  }

  private List<String> sources(String name) {
    return dl4j.getConfiguration().getVertexInputs().getOrDefault(name, List.of());
  }

  private boolean isShared(String name) {
    return reads.get(name) > 1;
  }

  private void findEnds(String output) {
    String name = output;
    ends.add(name);
    while (configuration(name) instanceof LayerVertex layer
        && isNothing(layer.getLayerConf().getLayer())) {
      name = sources(name).get(0);
      ends.add(name);
    }
  }

  private void add(String name) {
    vertex = name;
    GraphVertex operator = configuration(name);
    Object named =
        operator instanceof LayerVertex layer ? layer.getLayerConf().getLayer() : operator;
    try {
      List<Value> inputs = sources(name).stream().map(values::get).toList();
      take(inputs.get(0));
      if (operator instanceof LayerVertex layer) {
        flatten(layer.getPreProcessor());
        add(layer.getLayerConf().getLayer());
      } else {
        combine(operator, inputs);
      }
      values.put(name, new Value(at, shape, form, order, shared || isShared(name)));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "%s (%s): %s"
              .formatted(Dl4jJson.shown(name), named.getClass().getSimpleName(), e.getMessage()),
          e);
    }
  }

  private void take(Value value) {
    at = value.node();
    shape = value.shape();
    form = value.form();
    order = value.order();
    shared = value.shared();
  }

  private GraphVertex configuration(String name) {
    return dl4j.getConfiguration().getVertices().get(name);
  }

  /**
   * What DL4J's own network says before its softmax, if it has one, which it has no more
   * afterwards.
   *
   * @param inputs {@code [batch × features]}, raw: divided by the input's divisor here
   * @return {@code [batch × classes]}
   */
  public float[] logits(float[] inputs, int batch) {
    if (softmax != null) {
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
    return dl4j.outputSingle(features).dup('c').data().asFloat();
  }

  private static void removeSoftmax(org.deeplearning4j.nn.conf.layers.Layer last) {
    if (last instanceof ActivationLayer activation) {
      activation.setActivationFn(new ActivationIdentity());
    } else {
      ((BaseLayer) last).setActivationFn(new ActivationIdentity());
    }
  }

  /** A vertex that has no layer. */
  private void combine(GraphVertex operator, List<Value> inputs) {
    if (operator instanceof MergeVertex merge) {
      concatenate(merge.getMergeAxis(), inputs);
    } else if (operator instanceof ElementWiseVertex elements) {
      combine(elements.getOp(), inputs);
    } else if (operator instanceof SubsetVertex subset) {
      select(subset.getFrom(), subset.getTo());
    } else if (operator instanceof ScaleVertex scale) {
      put(affine(scale.getScaleFactor(), 0));
    } else if (operator instanceof ShiftVertex shift) {
      put(affine(1, shift.getShiftFactor()));
    } else if (operator instanceof PreprocessorVertex preProcessor) {
      flatten(preProcessor.getPreProcessor());
    } else if (operator instanceof LastTimeStepVertex) {
      lastStep();
    } else {
      throw new IllegalArgumentException("it is not supported");
    }
  }

  private static Elementwise affine(double factor, double summand) {
    return new Elementwise(Elementwise.Function.AFFINE, (float) factor, (float) summand);
  }

  /** Makes sure that several values are laid out alike, and which way. */
  private void align(List<Value> inputs) {
    Form common =
        inputs.stream()
            .map(value -> value.form() == Form.INPUT ? read : value.form())
            .filter(known -> known != Form.INPUT)
            .findFirst()
            .orElse(Form.VECTOR);
    for (Value value : inputs) {
      form = value.form();
      wants(common);
    }
  }

  private void concatenate(int axis, List<Value> inputs) {
    align(inputs);
    if (axis != (form == Form.CHANNELS_LAST ? 3 : 1)) {
      throw new IllegalArgumentException("Pare concatenates channels, not along axis " + axis);
    }
    if (inputs.size() == 1) {
      return;
    }
    put(new Concatenation(), inputs);
    order = concatenated(inputs);
  }

  /** Where the numbers of vectors are when they lie one behind the other. */
  private static int @Nullable [] concatenated(List<Value> inputs) {
    if (inputs.stream().allMatch(value -> value.order() == null)) {
      return null;
    }
    int[] all = new int[inputs.stream().mapToInt(value -> value.shape().size()).sum()];
    int start = 0;
    for (Value value : inputs) {
      int size = value.shape().size();
      int[] own = value.order();
      for (int i = 0; i < size; i++) {
        all[start + i] = start + (own == null ? i : own[i]);
      }
      start += size;
    }
    return all;
  }

  private void combine(ElementWiseVertex.Op op, List<Value> inputs) {
    align(inputs);
    if (!inputs.stream().allMatch(value -> Arrays.equals(value.order(), order))) {
      throw new IllegalArgumentException("it reads vectors that were flattened in different ways");
    }
    if (op == ElementWiseVertex.Op.Subtract && inputs.size() != 2) {
      throw new IllegalArgumentException("it subtracts, but reads " + inputs.size() + " values");
    }
    for (Value value : inputs.subList(1, inputs.size())) {
      Value before = new Value(at, shape, form, order, shared);
      switch (op) {
        case Add, Average -> sum(before, value);
        case Subtract -> put(new Arithmetic(Operation.SUBTRACT), List.of(before, value));
        case Product -> put(new Arithmetic(Operation.MULTIPLY), List.of(before, value));
        case Max -> {
          // The larger one of a and b is b + max(a − b, 0).
          put(new Arithmetic(Operation.SUBTRACT), List.of(before, value));
          put(Elementwise.of(Elementwise.Function.RELU));
          Value excess = new Value(at, shape, form, order, shared);
          put(new Arithmetic(Operation.ADD), List.of(excess, value));
        }
      }
    }
    if (op == ElementWiseVertex.Op.Average && inputs.size() > 1) {
      put(affine(1.0 / inputs.size(), 0));
    }
  }

  private void sum(Value one, Value other) {
    boolean shortcut =
        one.shape().equals(other.shape())
            && one.node() >= 0
            && other.node() >= 0
            && one.node() != other.node();
    // A shortcut adds the earlier one to the later.
    boolean turned = shortcut && one.node() < other.node();
    put(
        shortcut ? new Shortcut(Activation.IDENTITY) : new Arithmetic(Operation.ADD),
        turned ? List.of(other, one) : List.of(one, other));
  }

  /** Channels or units, from the first to the last of some. */
  private void select(int from, int to) {
    if (form == Form.INPUT && shape.places() == 1) {
      wants(Form.VECTOR);
    }
    boolean channels =
        switch (form) {
          case CHANNELS_FIRST -> true;
          case VECTOR, SEQUENCE -> order == null && shape.width() * vectorHeight() == 1;
          case INPUT, CHANNELS_LAST -> false;
        };
    if (!channels || from < 0 || to < from || to >= shape.channels()) {
      throw new IllegalArgumentException(
          "numbers %d to %d of %s with %s: Pare selects whole channels"
              .formatted(from, to, form.text(), text(shape)));
    }
    put(ChannelSelection.range(from, to - from + 1));
  }

  private int vectorHeight() {
    return form == Form.VECTOR ? shape.height() : 1;
  }

  private void lastStep() {
    wants(Form.SEQUENCE);
    if (at < 0 || shared || !(nodes.get(at).layer() instanceof Lstm lstm)) {
      throw new IllegalArgumentException(
          "Pare knows the last step of an LSTM of which no other step is read");
    }
    nodes.set(at, nodes.get(at).with(new Lstm(lstm.units(), Lstm.Steps.LAST)));
    shape = new Shape(lstm.units(), 1, 1);
    form = Form.VECTOR;
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
      read = read == Form.INPUT ? wanted : read;
      form = read;
    }
    if (form != wanted) {
      throw new IllegalArgumentException(
          "reads %s, but its input is %s".formatted(wanted.text(), form.text()));
    }
  }

  private void wants(CNN2DFormat format) {
    wants(format == CNN2DFormat.NHWC ? Form.CHANNELS_LAST : Form.CHANNELS_FIRST);
  }

  private void add(org.deeplearning4j.nn.conf.layers.Layer layer) {
    if (layer instanceof DropoutLayer) {
      return;
    }
    if (layer instanceof ActivationLayer activation) {
      activate(activation.getActivationFn());
    } else if (layer instanceof LossLayer loss) {
      activate(loss.getActivationFn());
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

  private void put(Layer layer, float[]... tensors) {
    put(layer, List.of(new Value(at, shape, form, order, shared)), tensors);
  }

  private void put(Layer layer, List<Value> inputs, float[]... tensors) {
    shape = layer.output(inputs.stream().map(Value::shape).toList());
    cost = cost.plus(new ExampleCost(shape.size(), 0));
    cost.check(nodes.size());
    nodes.add(new Node(layer, inputs.stream().map(Value::node).toList()));
    parameters.addAll(Arrays.asList(tensors));
    at = nodes.size() - 1;
    shared = false;
  }

  private INDArray tensor(String name) {
    return dl4j.getLayer(vertex).getParam(name);
  }

  private static float[] values(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  private static int width(long units) {
    return Math.toIntExact(units);
  }

  /** A function of what the layer before it makes, or of the input. */
  private void activate(IActivation function) {
    if (function.equals(new ActivationIdentity())) {
      return;
    }
    Optional<Activation> own = own(function);
    if (own.isPresent() && at >= 0 && !shared) {
      Optional<Layer> activated = activated(nodes.get(at).layer(), own.get());
      if (activated.isPresent()) {
        nodes.set(at, nodes.get(at).with(activated.get()));
        return;
      }
    }
    if (own.isPresent() && own.get() == Activation.SOFTMAX && makesLogits()) {
      return;
    }
    if (function instanceof ActivationSoftmax && shape.height() * shape.width() > 1) {
      throw new IllegalArgumentException("softmax of images is not supported");
    }
    // Without parameters, and the same of every number wherever it is.
    put(StockLayers.of(new ActivationLayer(function), shape));
  }

  /** Whether a softmax is all that is between the last layer and probabilities. */
  private boolean makesLogits() {
    if (at < 0 || !shape.isPoint()) {
      return false;
    }
    Layer last = nodes.get(at).layer();
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
      if (!ends.contains(vertex)) {
        return Optional.empty();
      }
      softmax = vertex;
    }
    return own;
  }

  private static boolean isNothing(org.deeplearning4j.nn.conf.layers.Layer layer) {
    return layer instanceof DropoutLayer
        || layer instanceof LossLayer loss
            && loss.getActivationFn().equals(new ActivationIdentity());
  }

  /** A layer that Pare has, and its activation, which is perhaps left to DL4J. */
  private void put(Function<Activation, Layer> layer, IActivation function, float[]... tensors) {
    Optional<Activation> own = own(function);
    put(layer.apply(own.orElse(Activation.IDENTITY)), tensors);
    if (own.isEmpty()) {
      activate(function);
    }
  }

  private void dense(FeedForwardLayer layer) {
    wants(Form.VECTOR);
    int units = width(layer.getNOut());
    float[] weights = rows(layer.getNIn(), "W");
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
        weights,
        bias ? values(tensor("b")) : new float[units]);
  }

  /** A matrix with a row for each unit; DL4J has a column. */
  private float[] rows(long features, String name) {
    if (features != shape.size() && name.equals("W") && form == Form.VECTOR) {
      throw new IllegalArgumentException(
          "reads %d features, but its input has %d".formatted(features, shape.size()));
    }
    return values(tensor(name).transpose());
  }

  private void normalize(org.deeplearning4j.nn.conf.layers.BatchNormalization layer) {
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
      gamma = values(tensor("gamma"));
      beta = values(tensor("beta"));
    }
    float[] variance;
    if (layer.isUseLogStd()) {
      variance = values(tensor("log10stdev"));
      for (int i = 0; i < variance.length; i++) {
        variance[i] = (float) Math.pow(10, 2.0 * variance[i]);
      }
    } else {
      variance = values(tensor("var"));
    }
    // Where it is 0, a number that is nothing beside a variance.
    float epsilon = Math.max((float) layer.getEps(), Float.MIN_NORMAL);
    put(
        new BatchNormalization(epsilon, Activation.IDENTITY),
        gamma,
        beta,
        values(tensor("mean")),
        variance);
  }

  private static Form form(CNN2DFormat format) {
    return format == CNN2DFormat.NHWC ? Form.CHANNELS_LAST : Form.CHANNELS_FIRST;
  }

  private void recurrent(LSTM layer, Lstm.Steps output) {
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
        rows(layer.getNIn(), "W"),
        rows(layer.getNOut(), "RW"),
        values(tensor("b")));
    form = output == Lstm.Steps.LAST ? Form.VECTOR : Form.SEQUENCE;
  }

  private void pool(SubsamplingLayer layer) {
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
      put(new Pooling(pool.get(), window[0], stride[0]));
    } else {
      stock(layer);
    }
  }

  private void poolAll(GlobalPoolingLayer layer) {
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
      put(new Pooling(pool.get(), shape.height(), shape.height()));
    } else {
      GlobalPoolingLayer first = (GlobalPoolingLayer) layer.clone();
      first.setPoolingDimensions(null);
      put(StockLayers.of(first, shape));
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
        values(tensor("W")),
        layer.hasBias() ? values(tensor("b")) : new float[filters]);
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
  private void stock(org.deeplearning4j.nn.conf.layers.Layer layer) {
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
      put(stock);
    } else {
      put(stock, values(dl4j.getLayer(vertex).params().reshape(-1)));
    }
  }
}
