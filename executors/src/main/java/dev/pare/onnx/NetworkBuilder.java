package dev.pare.onnx;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Embedding;
import dev.pare.graph.GroupNormalization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.LayerNormalization;
import dev.pare.graph.Network;
import dev.pare.graph.Pooling;
import dev.pare.graph.Positions;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.graph.TransposedConvolution;
import dev.pare.graph.ZeroPadding;
import dev.pare.onnx.Flow.Readers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A network while it is read: a layer that nobody reads yet is still open to changes. */
final class NetworkBuilder {
  /** Of all layers' outputs for an example, and of parameters beside those in the file. */
  private static final long MOST_NUMBERS = 1L << 27;

  private static final float TINY = 1e-12f;

  private final InputShape input;
  private final List<BuiltLayer> entries = new ArrayList<>();
  private final Arrangement arrangement = new Arrangement(this);
  private final Joins joins = new Joins(this, arrangement);
  private final Attention attention = new Attention(this);
  private long outputs;
  private long parameters;
  private final long mostParameters;

  /**
   * @param constants how many numbers the file's constants have
   */
  NetworkBuilder(InputShape input, long constants) {
    this.input = input;
    // Weights may be used twice, but not a thousand times.
    this.mostParameters = Math.min(4 * constants + (1 << 20), Integer.MAX_VALUE);
  }

  /** The network's input, as a node sees it. */
  Flow input(IndexMap seen) {
    return new Flow(-1, shape(-1), seen.dims(), seen.from(), Readers.ONE, null);
  }

  /** Whether a value is some of what the network reads, as it is. */
  boolean isInput(Flow read) {
    int layer = read.layer();
    while (layer >= 0 && entries.get(layer).layer instanceof ChannelSelection) {
      layer = entries.get(layer).inputs.get(0);
    }
    return layer < 0 && read.affine() == null;
  }

  /** A layer that is there already. */
  BuiltLayer built(int layer) {
    return entries.get(layer);
  }

  /** What a layer makes, or the network's input where it is −1. */
  Shape shape(int layer) {
    return layer < 0
        ? new Shape(input.channels(), input.height(), input.width())
        : entries.get(layer).out;
  }

  /**
   * Puts a layer behind a value.
   *
   * @param out what it makes
   * @param seen how nodes see that
   * @param tensors its parameters, as {@link Architecture#tensors()} has them; they are kept
   */
  Flow add(Flow read, Layer layer, Shape out, IndexMap seen, float[]... tensors) {
    return add(List.of(read), layer, out, seen, tensors);
  }

  /** Puts a layer behind several values, likewise. */
  Flow add(List<Flow> values, Layer layer, Shape out, IndexMap seen, float[]... tensors) {
    List<Flow> read = values.stream().map(this::settledInPlace).toList();
    outputs += out.size();
    for (float[] tensor : tensors) {
      parameters += tensor.length;
    }
    if (outputs > MOST_NUMBERS || parameters > mostParameters) {
      throw new OnnxException(
          outputs > MOST_NUMBERS
              ? "the layers make more than %d numbers of an example".formatted(MOST_NUMBERS)
              : "the layers have more parameters than the file");
    }
    if (entries.size() == Architecture.MOST_LAYERS) {
      throw new OnnxException(
          "the network has more than %d layers".formatted(Architecture.MOST_LAYERS));
    }
    for (float[] tensor : tensors) {
      for (float value : tensor) {
        if (!Float.isFinite(value)) {
          throw new OnnxException("a weight of it is " + value + "; all must be finite");
        }
      }
    }
    List<Integer> inputs = read.stream().map(Flow::layer).toList();
    entries.add(new BuiltLayer(layer, inputs, tensors, out, read.get(0).readers()));
    return new Flow(entries.size() - 1, out, seen.dims(), seen.from(), Readers.ONE, null);
  }

  /**
   * A function of each number: of the layer before it, if that has none yet and nobody else reads
   * its sums; else a layer of its own.
   */
  Flow activate(Flow read, Activation function) {
    Flow clean = settled(read);
    int at = clean.layer();
    if (at >= 0 && clean.readers() == Readers.ONE) {
      BuiltLayer entry = entries.get(at);
      Optional<Layer> activated = activated(entry.layer, function);
      if (activated.isPresent()) {
        entry.layer = activated.get();
        return clean;
      }
      // The largest of a window stays the largest.
      if (entry.layer instanceof Pooling pooling
          && pooling.pool() == Pooling.Pool.MAX
          && entry.inputs.get(0) >= 0
          && entry.readers == Readers.ONE) {
        BuiltLayer before = entries.get(entry.inputs.get(0));
        activated = activated(before.layer, function);
        if (activated.isPresent()) {
          before.layer = activated.get();
          return clean;
        }
      }
    }
    return apply(
        clean,
        Elementwise.of(
            switch (function) {
              case RELU -> Elementwise.Function.RELU;
              case SIGMOID -> Elementwise.Function.SIGMOID;
              case TANH -> Elementwise.Function.TANH;
              case IDENTITY, SOFTMAX ->
                  throw new IllegalArgumentException("no function of one number: " + function);
            }));
  }

  private static Optional<Layer> activated(Layer layer, Activation function) {
    return takesActivation(layer) && layer.activation() == Activation.IDENTITY
        ? Optional.of(layer.withActivation(function))
        : Optional.empty();
  }

  private static boolean takesActivation(Layer layer) {
    return layer instanceof Dense
        || layer instanceof Convolution
        || layer instanceof TransposedConvolution
        || layer instanceof BatchNormalization
        || layer instanceof Shortcut;
  }

  /** A layer that has a function of each number, wherever nodes see it. */
  Flow apply(Flow read, Elementwise function) {
    Flow flow = settled(read);
    return add(flow, function, flow.shape(), flow.seen());
  }

  /**
   * Multiplies and adds: in the layer before, if that has no activation and nobody else reads it;
   * else it is left to the one that comes next.
   */
  Flow multiplyAdd(Flow read, Affine affine) {
    if (read.layer() >= 0
        && read.readers() == Readers.ONE
        && read.affine() == null
        && affine.isAlikeWithin(read.shape().channels())
        && fold(entries.get(read.layer()), affine, read.area())) {
      return read;
    }
    return read.withAffine(read.affine() == null ? affine : read.affine().then(affine));
  }

  /**
   * The same, settled, where its shape and order stay: the caller has computed the layer's output
   * from them.
   *
   * @throws OnnxException if they change
   */
  private Flow settledInPlace(Flow value) {
    Flow flow = settled(value);
    if (!flow.shape().equals(value.shape()) || !Arrays.equals(flow.order(), value.order())) {
      throw new OnnxException(
          "it reads numbers that are multiplied or added to by constants of their own, along another"
              + " side than that of channels");
    }
    return flow;
  }

  private static boolean fold(BuiltLayer entry, Affine affine, int area) {
    if (entry.layer instanceof Embedding embedding) {
      float[] vectors = entry.tensors[0];
      for (int i = 0; i < vectors.length; i++) {
        int at = i / embedding.tokens() * area;
        vectors[i] = (float) (vectors[i] * affine.factor()[at] + affine.summand()[at]);
      }
      return true;
    }
    boolean linear =
        entry.layer instanceof BatchNormalization
            || entry.layer instanceof GroupNormalization
            || entry.layer instanceof LayerNormalization
            || entry.layer instanceof Dense
            || entry.layer instanceof Convolution
            || entry.layer instanceof TransposedConvolution
            || entry.layer instanceof SelfAttention;
    // What comes behind a function cannot go before it.
    if (!linear || entry.layer.activation() != Activation.IDENTITY) {
      return false;
    }
    boolean attention = entry.layer instanceof SelfAttention;
    float[] factors = entry.tensors[attention ? Attention.WEIGHTS : 0];
    float[] summands = entry.tensors[attention ? Attention.BIASES : 1];
    int width = factors.length / summands.length;
    for (int i = 0; i < factors.length; i++) {
      factors[i] = (float) (factors[i] * affine.factor()[i / width * area]);
    }
    for (int i = 0; i < summands.length; i++) {
      summands[i] = (float) (summands[i] * affine.factor()[i * area] + affine.summand()[i * area]);
    }
    return true;
  }

  /**
   * A value as layers with weights should read it: a standardization of the input, or what else is
   * done to it, becomes a batch normalization with the statistics that do the same, where channels
   * have them.
   */
  Flow normalized(Flow read) {
    // Weights that took it up would be of other sizes than those a network is trained with:
    // students of such ones hardly learn, and pruning by magnitude takes the wrong ones.
    Affine affine = read.affine();
    if (affine == null || read.layer() >= 0 || !affine.isAlikeWithin(read.shape().channels())) {
      return read;
    }
    return normalization(read, affine).orElse(read);
  }

  /**
   * A value to which nothing is left to be done.
   *
   * @throws OnnxException if no layer does that
   */
  Flow settled(Flow read) {
    Affine affine = read.affine();
    if (affine == null) {
      return read;
    }
    if (affine.isAlikeWithin(read.shape().channels())) {
      if (read.layer() >= 0 && affine.isAlikeWithin(1)) {
        return apply(
            read.withAffine(null),
            new Elementwise(
                Elementwise.Function.AFFINE,
                (float) affine.factor()[0],
                (float) affine.summand()[0]));
      }
      Optional<Flow> normalized = normalization(read, affine);
      if (normalized.isPresent()) {
        return normalized.get();
      }
    }
    for (int axis = 0; axis < read.dims().length; axis++) {
      if (affine.isAlikeAlong(read, axis)) {
        Flow along = arrangement.along(read.withAffine(null), axis);
        Optional<Flow> normalized = normalization(along, affine.moved(read, along));
        if (normalized.isPresent()) {
          return normalized.get();
        }
      }
    }
    Optional<Flow> masked = Masks.masked(this, read, affine);
    if (masked.isPresent()) {
      return masked.get();
    }
    Affine factors = affine.factors();
    if (factors.isAlikeWithin(read.shape().channels())) {
      Flow multiplied = settled(read.withAffine(factors.isIdentity() ? null : factors));
      return add(multiplied, new Positions(), read.shape(), read.seen(), floats(affine.summand()));
    }
    throw new OnnxException(
        "it reads numbers that are multiplied or added to by constants of their own, which Pare can"
            + " fold into weights alone; else it has one for each channel");
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** Whether a layer can do what is left to be done to a value. */
  boolean canSettle(Flow read) {
    Affine affine = read.affine();
    return affine != null && affine.factors().isAlikeWithin(read.shape().channels());
  }

  private Optional<Flow> normalization(Flow read, Affine affine) {
    int channels = read.shape().channels();
    float[] gamma = new float[channels];
    float[] mean = new float[channels];
    float[] variance = new float[channels];
    for (int c = 0; c < channels; c++) {
      double factor = affine.factor()[c * read.area()];
      double summand = affine.summand()[c * read.area()];
      gamma[c] = Math.signum((float) factor);
      mean[c] = (float) (-summand / factor);
      variance[c] = (float) (1 / (factor * factor));
      if (factor == 0 || !Float.isFinite(mean[c]) || !Float.isFinite(variance[c])) {
        return Optional.empty();
      }
    }
    return Optional.of(
        add(
            read.withAffine(null),
            new BatchNormalization(TINY, Activation.IDENTITY),
            read.shape(),
            read.seen(),
            gamma,
            new float[channels],
            mean,
            variance));
  }

  /**
   * What a layer of zeros around an image has read, and how many there are.
   *
   * @param flow what is within them
   */
  record Padded(Flow flow, ZeroPadding zeros) {}

  /** What is within the zeros around a value, if a layer has added these. */
  Optional<Padded> unpadded(Flow read) {
    if (read.layer() < 0
        || !read.isInOrder()
        || read.affine() != null
        || !(entries.get(read.layer()).layer instanceof ZeroPadding zeros)) {
      return Optional.empty();
    }
    int source = entries.get(read.layer()).inputs.get(0);
    Shape within = shape(source);
    int[] dims = {1, within.channels(), within.height(), within.width()};
    return Optional.of(
        new Padded(new Flow(source, within, dims, null, Readers.SEVERAL, null), zeros));
  }

  /** Puts numbers where they are needed. */
  Arrangement arrangement() {
    return arrangement;
  }

  /** Puts self-attention together. */
  Attention attention() {
    return attention;
  }

  /** Makes layers of several inputs. */
  Joins joins() {
    return joins;
  }

  /**
   * The network, whose last layer gets its softmax here.
   *
   * @param output the logits
   */
  Network network(Flow output) {
    return new Completion(input, entries, this).network(output);
  }
}
