package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Arithmetic;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Crop;
import dev.pare.graph.Dense;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Embedding;
import dev.pare.graph.GroupNormalization;
import dev.pare.graph.Gru;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.LayerNormalization;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.Pooling;
import dev.pare.graph.Positions;
import dev.pare.graph.Prelu;
import dev.pare.graph.Rearrangement;
import dev.pare.graph.Reversal;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Softmax;
import dev.pare.graph.TransposedConvolution;
import dev.pare.graph.Window;
import dev.pare.graph.ZeroPadding;
import dev.pare.onnx.Flow.Readers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A network while it is read: a layer that nobody reads yet is still open to changes. */
final class NetworkBuilder {
  /** Of all layers' outputs for an example, and of parameters beside those in the file. */
  private static final long MOST_NUMBERS = 1L << 27;

  private static final float TINY = 1e-12f;

  /** Of attention's tensors, those of the last projection. */
  private static final int ATTENTION_WEIGHTS = 3;

  private static final int ATTENTION_BIASES = 5;

  private final InputShape input;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Joined, Flow> concatenations = new IdentityHashMap<>();
  private long outputs;
  private long parameters;
  private final long mostParameters;

  /** A layer, its parameters and what is around it. */
  private static final class Entry {
    Layer layer;
    final List<Integer> inputs;
    float[][] tensors;
    Shape out;

    /** Of what it reads first. */
    final Readers readers;

    /** Of attention, whether its last projection is still to come. */
    boolean open;

    Entry(Layer layer, List<Integer> inputs, float[][] tensors, Shape out, Readers readers) {
      this.layer = layer;
      this.inputs = inputs;
      this.tensors = tensors;
      this.out = out;
      this.readers = readers;
    }
  }

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
    Shape shape = new Shape(input.channels(), input.height(), input.width());
    return new Flow(-1, shape, seen.dims(), seen.from(), Readers.ONE, null);
  }

  /** Whether a value is some of what the network reads, as it is. */
  boolean isInput(Flow read) {
    int layer = read.layer();
    while (layer >= 0 && entries.get(layer).layer instanceof ChannelSelection) {
      layer = entries.get(layer).inputs.get(0);
    }
    return layer < 0 && read.affine() == null;
  }

  private Shape shape(int layer) {
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
    entries.add(new Entry(layer, inputs, tensors, out, read.get(0).readers()));
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
      Entry entry = entries.get(at);
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
        Entry before = entries.get(entry.inputs.get(0));
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

  /**
   * What a dense layer at each place makes.
   *
   * @param source the layer that it reads, −1 for the input
   * @param inputs channels of that
   * @param weights {@code [channels][inputs]}
   */
  record Projection(int source, int inputs, float[] weights, float[] biases) {}

  /**
   * How a value's channels are made of those of another one at the same place.
   *
   * @throws OnnxException if they are not
   */
  Projection projection(Flow flow) {
    int count = flow.shape().channels();
    int[] channels = IntStream.range(0, count).toArray();
    int layer = flow.layer();
    while (layer >= 0 && entries.get(layer).layer instanceof ChannelSelection selection) {
      channels = IntStream.of(channels).map(c -> selection.channels().get(c)).toArray();
      layer = entries.get(layer).inputs.get(0);
    }
    Affine affine = flow.affine();
    if (layer < 0
        || !(entries.get(layer).layer instanceof Convolution convolution)
        || !convolution.equals(
            new Convolution(
                convolution.filters(), Window.POINTS, Window.POINTS, Activation.IDENTITY))
        || affine != null && !affine.isAlikeWithin(count)) {
      throw new OnnxException(
          "queries, keys or values that no dense layer makes at each place are not supported");
    }
    Entry entry = entries.get(layer);
    int inputs = entry.tensors[0].length / entry.tensors[1].length;
    float[] weights = new float[count * inputs];
    float[] biases = new float[count];
    for (int c = 0; c < count; c++) {
      double factor = affine == null ? 1 : affine.factor()[c * flow.area()];
      double summand = affine == null ? 0 : affine.summand()[c * flow.area()];
      biases[c] = (float) (factor * entry.tensors[1][channels[c]] + summand);
      for (int i = 0; i < inputs; i++) {
        weights[c * inputs + i] = (float) (factor * entry.tensors[0][channels[c] * inputs + i]);
      }
    }
    return new Projection(entry.inputs.get(0), inputs, weights, biases);
  }

  /**
   * Self-attention whose sums are handed on as they are, until {@link #project} says otherwise.
   *
   * @param source the layer that it reads, −1 for the input
   * @param out what its sums are
   */
  Flow attend(
      int source,
      SelfAttention layer,
      Shape out,
      IndexMap seen,
      float[] queries,
      float[] keys,
      float[] values,
      float[] queryBiases,
      float[] valueBiases) {
    int inner = out.channels();
    float[] same = new float[Math.multiplyExact(inner, inner)];
    for (int i = 0; i < inner; i++) {
      same[i * inner + i] = 1;
    }
    Shape in = shape(source);
    Flow read = new Flow(source, in, new int[] {1, in.size()}, null, Readers.SEVERAL, null);
    // The shares of all values sum to 1, so that their biases are the sums'.
    Flow made = add(read, layer, out, seen, queries, keys, values, same, queryBiases, valueBiases);
    entries.get(made.layer()).open = true;
    return made;
  }

  /**
   * Makes a dense layer at each place the last part of the attention that it reads.
   *
   * @param rows {@code [units][channels]}
   * @return whether it could: if nobody else reads that attention, and it has no such layer yet
   */
  boolean project(Flow read, float[] rows, float[] biases) {
    if (read.layer() < 0
        || read.readers() != Readers.ONE
        || read.affine() != null
        || !entries.get(read.layer()).open
        || biases.length != shape(entries.get(read.layer()).inputs.get(0)).channels()) {
      return false;
    }
    Entry entry = entries.get(read.layer());
    int inner = entry.out.channels();
    float[] before = entry.tensors[ATTENTION_WEIGHTS];
    float[] weights = new float[biases.length * inner];
    float[] sums = new float[biases.length];
    for (int u = 0; u < biases.length; u++) {
      double bias = biases[u];
      for (int k = 0; k < inner; k++) {
        float row = rows[u * inner + k];
        bias += row * entry.tensors[ATTENTION_BIASES][k];
        for (int i = 0; i < inner; i++) {
          weights[u * inner + i] += row * before[k * inner + i];
        }
      }
      sums[u] = (float) bias;
    }
    entry.tensors[ATTENTION_WEIGHTS] = weights;
    entry.tensors[ATTENTION_BIASES] = sums;
    entry.out = new Shape(biases.length, entry.out.height(), entry.out.width());
    entry.open = false;
    return true;
  }

  /** A layer that has a function of each number, wherever nodes see it. */
  Flow apply(Flow read, Elementwise function) {
    Flow flow = settled(read);
    return add(flow, function, flow.shape(), new IndexMap(flow.dims(), flow.order()));
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

  /** Whoever says what a layer makes knows where the numbers are that it reads. */
  private Flow settledInPlace(Flow value) {
    Flow flow = settled(value);
    if (!flow.shape().equals(value.shape()) || !Arrays.equals(flow.order(), value.order())) {
      throw new OnnxException(
          "it reads numbers that are multiplied or added to by constants of their own, along another"
              + " side than that of channels");
    }
    return flow;
  }

  private static boolean fold(Entry entry, Affine affine, int area) {
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
    float[] factors = entry.tensors[attention ? ATTENTION_WEIGHTS : 0];
    float[] summands = entry.tensors[attention ? ATTENTION_BIASES : 1];
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
        Flow along = along(read.withAffine(null), axis);
        Optional<Flow> normalized = normalization(along, affine.moved(read, along));
        if (normalized.isPresent()) {
          return normalized.get();
        }
      }
    }
    Affine factors = new Affine(affine.factor(), new double[affine.factor().length]);
    if (factors.isAlikeWithin(read.shape().channels())) {
      boolean none = Arrays.stream(affine.factor()).allMatch(factor -> factor == 1);
      Flow multiplied = none ? read.withAffine(null) : settled(read.withAffine(factors));
      return add(
          multiplied,
          new Positions(),
          read.shape(),
          new IndexMap(read.dims(), read.order()),
          floats(affine.summand()));
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
    return affine != null
        && new Affine(affine.factor(), new double[affine.factor().length])
            .isAlikeWithin(read.shape().channels());
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
            new IndexMap(read.dims(), read.order()),
            gamma,
            new float[channels],
            mean,
            variance));
  }

  /** The same with its channels, if these are all that is elsewhere, where nodes see them. */
  Flow inOrder(Flow read) {
    if (read.isInOrder()) {
      return read;
    }
    int area = read.area();
    List<Integer> channels = new ArrayList<>();
    for (int i = 0; i < read.shape().size(); i++) {
      int place = read.place(i);
      if (i % area == 0) {
        channels.add(place / area);
      }
      if (place != channels.get(i / area) * area + i % area) {
        return read;
      }
    }
    if (read.affine() != null) {
      return inOrder(settled(read));
    }
    return add(read, new ChannelSelection(channels), read.shape(), IndexMap.reshaped(read.dims()));
  }

  /**
   * The same with numbers along some axes as channels and all others as places, in their order.
   *
   * @param channels which axes are
   */
  Flow grouped(Flow read, boolean... channels) {
    Flow flow = settled(normalized(read));
    int[] dims = flow.dims();
    int count = 1;
    for (int axis = 0; axis < dims.length; axis++) {
      count *= channels[axis] ? dims[axis] : 1;
    }
    int places = flow.shape().size() / count;
    int[] order = new int[flow.shape().size()];
    int[] sources = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      int channel = 0;
      int place = 0;
      int rest = order.length;
      for (int axis = 0; axis < dims.length; axis++) {
        rest /= dims[axis];
        int at = i / rest % dims[axis];
        if (channels[axis]) {
          channel = channel * dims[axis] + at;
        } else {
          place = place * dims[axis] + at;
        }
      }
      order[i] = channel * places + place;
      sources[order[i]] = flow.place(i);
    }
    return rearranged(flow, sources, new Shape(count, places, 1), new IndexMap(dims, order));
  }

  /** The same with one axis as channels. */
  Flow along(Flow read, int axis) {
    boolean[] channels = new boolean[read.dims().length];
    channels[axis] = true;
    return grouped(read, channels);
  }

  /** The same as an image, or a sequence, as nodes see it: its second axis are channels. */
  Flow image(Flow read) {
    Flow flow = inOrder(read);
    int[] dims = flow.dims();
    boolean image = dims.length == 3 || dims.length == 4;
    // An input that is read in its order as something else is data of another shape.
    boolean asItIs = flow.layer() < 0 && flow.isInOrder();
    if (asItIs || !image || dims[0] != 1 || Windows.sees(flow)) {
      return flow;
    }
    Flow clean = settled(flow);
    int[] sources = IntStream.range(0, clean.shape().size()).map(clean::place).toArray();
    Shape shape = new Shape(dims[1], dims[2], dims.length == 4 ? dims[3] : 1);
    return rearranged(clean, sources, shape, IndexMap.reshaped(dims));
  }

  /**
   * A layer that has some of a value's numbers, in another order or shape.
   *
   * @param sources for each number that it makes, which one of the value's it is
   * @throws OnnxException if they are not at regular distances
   */
  private Flow rearranged(Flow read, int[] sources, Shape shape, IndexMap seen) {
    if (shape.equals(read.shape()) && isAscending(sources)) {
      return new Flow(read.layer(), shape, seen.dims(), seen.from(), read.readers(), null);
    }
    int area = shape.places();
    boolean within = shape.channels() == read.shape().channels();
    for (int i = 0; within && i < sources.length; i++) {
      within = sources[i] == sources[i % area] + i / area * read.area();
    }
    within &= Arrays.stream(sources, 0, area).allMatch(place -> place < read.area());
    int[] pattern = within ? Arrays.copyOf(sources, area) : sources;
    List<Integer> sides = new ArrayList<>();
    List<Integer> strides = new ArrayList<>();
    // From the innermost side on, each as long as its stride goes on.
    for (int block = 1; block < pattern.length; ) {
      int stride = pattern[block] - pattern[0];
      int count = 2;
      while ((long) count * block < pattern.length
          && pattern[count * block] - pattern[0] == count * stride) {
        count++;
      }
      sides.add(0, count);
      strides.add(0, stride);
      block *= count;
      if (pattern.length % block != 0) {
        return byChannels(read, sources, shape, seen);
      }
    }
    if (sides.size() > Rearrangement.MOST_SIDES) {
      return byChannels(read, sources, shape, seen);
    }
    int channels = within ? 0 : shape.channels();
    Rearrangement layer =
        new Rearrangement(channels, shape.height(), shape.width(), pattern[0], sides, strides);
    if (!Arrays.equals(layer.places(), pattern)) {
      return byChannels(read, sources, shape, seen);
    }
    return add(read, layer, shape, seen);
  }

  /**
   * The same where channels are read in an order that has no regular distances: they are put into
   * it first.
   *
   * @throws OnnxException if they are in their order, and so it is something else that has none
   */
  private Flow byChannels(Flow read, int[] sources, Shape shape, IndexMap seen) {
    Map<Integer, Integer> ranks = new LinkedHashMap<>();
    int area = read.area();
    int[] ordered = new int[sources.length];
    for (int i = 0; i < sources.length; i++) {
      int channel = sources[i] / area;
      ranks.putIfAbsent(channel, ranks.size());
      ordered[i] = ranks.get(channel) * area + sources[i] % area;
    }
    if (Arrays.equals(ordered, sources)) {
      throw irregular(seen);
    }
    Shape chosen = new Shape(ranks.size(), read.shape().height(), read.shape().width());
    Flow channels =
        add(
            read,
            new ChannelSelection(List.copyOf(ranks.keySet())),
            chosen,
            IndexMap.reshaped(chosen.size()));
    return rearranged(channels, ordered, shape, seen);
  }

  private static boolean isAscending(int[] values) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] != i) {
        return false;
      }
    }
    return true;
  }

  private static OnnxException irregular(IndexMap seen) {
    return new OnnxException(
        "its %s numbers are not at regular distances in what it reads"
            .formatted(Dimensions.text(seen.dims())));
  }

  /** Outputs of several layers, the channels of one behind those of the other. */
  Flow concatenated(Joined joined) {
    Flow known = concatenations.get(joined);
    if (known != null) {
      return known;
    }
    List<Flow> settled = joined.parts().stream().map(this::settled).toList();
    List<Flow> parts = settled.stream().map(part -> aligned(part, settled.get(0))).toList();
    Shape first = parts.get(0).shape();
    boolean alike =
        parts.stream()
            .map(Flow::shape)
            .allMatch(s -> s.height() == first.height() && s.width() == first.width());
    if (!alike) {
      parts = parts.stream().map(part -> along(part, joined.axis())).toList();
    }
    Shape places = parts.get(0).shape();
    int[] dims = joined.dims();
    int outer = Dimensions.size(Arrays.copyOf(dims, joined.axis()));
    int[] order = new int[Dimensions.size(dims)];
    int at = 0;
    for (int o = 0; o < outer; o++) {
      int channels = 0;
      for (Flow part : parts) {
        int length = part.shape().size() / outer;
        for (int i = o * length; i < (o + 1) * length; i++) {
          order[at++] = channels * part.area() + part.place(i);
        }
        channels += part.shape().channels();
      }
    }
    int channels = parts.stream().mapToInt(part -> part.shape().channels()).sum();
    Flow made =
        add(
                parts,
                new Concatenation(),
                new Shape(channels, places.height(), places.width()),
                new IndexMap(dims, order))
            .withReaders(joined.readers());
    concatenations.put(joined, made);
    return made;
  }

  /** Some numbers of outputs side by side, of which only those are joined that have one of them. */
  Flow select(Joined joined, IndexMap selection) {
    int[] from = selection.from();
    if (from == null || from.length == 0) {
      return concatenated(joined).arranged(selection);
    }
    int[] dims = joined.dims();
    int inner = Dimensions.size(Arrays.copyOfRange(dims, joined.axis() + 1, dims.length));
    int first = dims[joined.axis()];
    int last = 0;
    for (int index : from) {
      first = Math.min(first, index / inner % dims[joined.axis()]);
      last = Math.max(last, index / inner % dims[joined.axis()]);
    }
    List<Flow> parts = new ArrayList<>();
    int start = -1;
    int end = 0;
    for (Flow part : joined.parts()) {
      int side = part.dims()[joined.axis()];
      if (end + side > first && end <= last) {
        start = start < 0 ? end : start;
        parts.add(part);
      }
      end += side;
    }
    if (parts.size() == joined.parts().size()) {
      return select(concatenated(joined), selection);
    }
    int side = parts.stream().mapToInt(part -> part.dims()[joined.axis()]).sum();
    int[] sides = dims.clone();
    sides[joined.axis()] = side;
    int[] own = new int[from.length];
    for (int i = 0; i < own.length; i++) {
      int at = from[i] / inner % dims[joined.axis()] - start;
      own[i] = (from[i] / inner / dims[joined.axis()] * side + at) * inner + from[i] % inner;
    }
    Flow found =
        parts.size() == 1
            ? parts.get(0).withReaders(Readers.SEVERAL)
            : concatenated(new Joined(sides, joined.axis(), parts, joined.readers()));
    return select(found, new IndexMap(selection.dims(), own));
  }

  /** What two layers make, number by number; the smaller one is repeated. */
  Flow combined(Arithmetic.Operation operation, Flow one, Flow other) {
    int[] dims = Dimensions.broadcast(one.dims(), other.dims());
    Flow first = settled(one);
    Flow second = aligned(settled(other), first);
    Optional<Flow> out = seen(first, second, dims);
    if (out.isEmpty()) {
      first = inOrder(first);
      second = inOrder(second);
      out = seen(first, second, dims);
    }
    if (out.isEmpty() && dims.length <= 4 && (dims.length < 4 || dims[0] == 1)) {
      first = plain(first);
      second = plain(second);
      out = seen(first, second, dims);
    }
    Shape shape = first.shape();
    if (out.isEmpty()) {
      throw new OnnxException(
          "of %s and %s is not supported: to Pare they are %s and %s, with other numbers side by side"
              .formatted(
                  Dimensions.text(one.dims()),
                  Dimensions.text(other.dims()),
                  shape,
                  second.shape()));
    }
    boolean shortcut =
        operation == Arithmetic.Operation.ADD
            && shape.equals(second.shape())
            && first.layer() >= 0
            && second.layer() >= 0
            && first.layer() != second.layer();
    // A shortcut adds the earlier one to the later.
    boolean turned = shortcut && first.layer() < second.layer();
    return add(
        turned ? List.of(second, first) : List.of(first, second),
        shortcut ? new Shortcut(Activation.IDENTITY) : new Arithmetic(operation),
        out.get().shape(),
        new IndexMap(dims, out.get().order()));
  }

  /** The same with the last three axes as channels, height and width. */
  private Flow plain(Flow read) {
    int[] dims = read.dims();
    int[] last = {1, 1, 1};
    for (int i = 1; i <= Math.min(3, dims.length); i++) {
      last[3 - i] = dims[dims.length - i];
    }
    int[] sources = IntStream.range(0, read.shape().size()).map(read::place).toArray();
    Shape shape = new Shape(last[0], last[1], last[2]);
    return rearranged(read, sources, shape, IndexMap.reshaped(dims));
  }

  /**
   * Where Pare has the numbers of what two layers make together; empty if not as {@link Arithmetic}
   * has them.
   */
  private static Optional<Flow> seen(Flow one, Flow other, int[] dims) {
    Shape a = one.shape();
    Shape b = other.shape();
    int channels = Math.max(a.channels(), b.channels());
    int height = Math.max(a.height(), b.height());
    int width = Math.max(a.width(), b.width());
    if ((long) channels * height * width != Dimensions.size(dims)) {
      return Optional.empty();
    }
    int[] ofOne = Dimensions.stretched(one.dims(), dims);
    int[] ofOther = Dimensions.stretched(other.dims(), dims);
    int[] order = new int[ofOne.length];
    BitSet taken = new BitSet();
    for (int i = 0; i < order.length; i++) {
      int p = one.place(ofOne[i]);
      int q = other.place(ofOther[i]);
      int c = along(p / one.area(), a.channels(), q / other.area(), b.channels());
      int y = along(p / a.width() % a.height(), a.height(), q / b.width() % b.height(), b.height());
      int x = along(p % a.width(), a.width(), q % b.width(), b.width());
      if (c < 0 || y < 0 || x < 0) {
        return Optional.empty();
      }
      order[i] = (c * height + y) * width + x;
      taken.set(order[i]);
    }
    Shape shape = new Shape(channels, height, width);
    return taken.cardinality() == order.length
        ? Optional.of(new Flow(-1, shape, dims, order, Readers.ONE, null))
        : Optional.empty();
  }

  /** The place that two inputs have in common along a side; −1 if they have none. */
  private static int along(int one, int ofOne, int other, int ofOther) {
    if (ofOne == ofOther) {
      return one == other ? one : -1;
    }
    return ofOne == 1 ? other : ofOther == 1 ? one : -1;
  }

  /**
   * Constants, a value and constants side by side: zeros around the value, to which they are added.
   *
   * @param axis along which they lie; the value's rows or columns
   * @param before how many constants come first
   * @param dims of all
   * @param constants at their places, row-major; zero where the value is
   */
  Flow joined(Flow read, int axis, int before, int[] dims, float[] constants) {
    Flow flow = inSequence(settled(read), axis);
    Shape s = flow.shape();
    int side = flow.dims()[axis];
    int more = dims[axis] - side;
    boolean rows = isSide(flow, axis, s.height(), s.width());
    if (!rows && !isSide(flow, axis, s.width(), 1)) {
      throw new OnnxException(
          "it joins constants to what the network computes, other than along its rows or columns");
    }
    int after = more - before;
    ZeroPadding zeros =
        rows ? new ZeroPadding(before, after, 0, 0) : new ZeroPadding(0, 0, before, after);
    Shape out =
        new Shape(s.channels(), s.height() + (rows ? more : 0), s.width() + (rows ? 0 : more));
    int step = Dimensions.strides(dims)[axis];
    int[] order = new int[constants.length];
    Affine affine = Affine.identity(order.length);
    for (int i = 0; i < order.length; i++) {
      int along = i / step % dims[axis];
      int within = Math.max(0, Math.min(side - 1, along - before));
      int outer = i / (step * dims[axis]);
      int place = flow.place((outer * side + within) * step + i % step);
      int row = rows ? along : place / s.width() % s.height();
      int column = rows ? place % s.width() : along;
      order[i] = (place / s.places() * out.height() + row) * out.width() + column;
      affine.summand()[order[i]] = constants[i];
    }
    return add(flow, zeros, out, new IndexMap(dims, order)).withAffine(affine);
  }

  /** The same as a sequence along an axis where it is none yet and could be one. */
  private Flow inSequence(Flow flow, int axis) {
    Shape s = flow.shape();
    int[] dims = flow.dims();
    int[] others = IntStream.range(0, dims.length).filter(i -> i != axis && dims[i] > 1).toArray();
    return others.length != 1
            || isSide(flow, axis, s.height(), s.width())
            || isSide(flow, axis, s.width(), 1)
        ? flow
        : along(flow, others[0]);
  }

  /** Whether what nodes see along an axis are the numbers, so far apart, of one side. */
  private static boolean isSide(Flow flow, int axis, int side, int apart) {
    if (side != flow.dims()[axis]) {
      return false;
    }
    int step = Dimensions.strides(flow.dims())[axis];
    for (int i = 0; i < flow.shape().size(); i++) {
      if (flow.place(i) / apart % side != i / step % flow.dims()[axis]) {
        return false;
      }
    }
    return true;
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

  /**
   * The network, whose last layer gets its softmax here.
   *
   * @param output the logits
   */
  Network network(Flow output) {
    if (output.layer() < 0) {
      throw new OnnxException("it has no layers");
    }
    Flow last = inOrder(settled(output));
    Entry end = entries.get(last.layer());
    Shape in = shape(end.inputs.get(0));
    if (end.layer instanceof Convolution convolution
        && convolution.groups() == 1
        && !convolution.isPadded()
        && end.out.isPoint()
        && in.height() == convolution.vertical().kernel()
        && in.width() == convolution.horizontal().kernel()) {
      // One window over all there is.
      end.layer = new Dense(convolution.filters(), convolution.activation());
    }
    if (end.layer instanceof Elementwise
        || end.layer instanceof Prelu
        || end.layer instanceof Softmax) {
      throw end(end.layer.title());
    }
    if (end.layer.activation() != Activation.IDENTITY) {
      throw end(end.layer.activation().name().toLowerCase(Locale.ROOT));
    }
    if (!last.isInOrder() || !last.shape().isPoint()) {
      int[] sources = IntStream.range(0, last.shape().size()).map(last::place).toArray();
      last =
          rearranged(
              last, sources, new Shape(sources.length, 1, 1), IndexMap.reshaped(1, sources.length));
      end = entries.get(last.layer());
    }
    if (end.layer instanceof Dense) {
      end.layer = end.layer.withActivation(Activation.SOFTMAX);
    }
    boolean[] needed = needed(last.layer());
    int[] stands = shortened(needed);
    int[] moved = new int[needed.length];
    List<Node> nodes = new ArrayList<>();
    List<float[]> tensors = new ArrayList<>();
    for (int i = 0; i < needed.length; i++) {
      moved[i] = stands[i] == i ? nodes.size() : moved[stands[i]];
      if (needed[i] && stands[i] == i) {
        Entry entry = entries.get(i);
        checkProjected(entry);
        nodes.add(new Node(entry.layer, entry.inputs).moved(index -> moved[index]));
        tensors.addAll(List.of(entry.tensors));
      }
    }
    Architecture architecture = new Architecture(input, nodes);
    float[] all = new float[architecture.parameters()];
    int at = 0;
    for (float[] tensor : tensors) {
      System.arraycopy(tensor, 0, all, at, tensor.length);
      at += tensor.length;
    }
    return new Network(architecture, all);
  }

  private void checkProjected(Entry entry) {
    Shape in = shape(entry.inputs.get(0));
    if (entry.open && entry.out.channels() != in.channels()) {
      throw new OnnxException(
          "attention whose heads have %d numbers that no dense layer projects to the %d channels it reads is not supported"
              .formatted(entry.out.channels(), in.channels()));
    }
    boolean biased =
        entry.layer instanceof SelfAttention
            && (!isZero(entry.tensors[ATTENTION_BIASES])
                || !isZero(entry.tensors[ATTENTION_BIASES - 1]));
    if (entry.layer instanceof SelfAttention attention && !biased) {
      entry.layer = new SelfAttention(attention.heads(), attention.width());
      entry.tensors = Arrays.copyOf(entry.tensors, ATTENTION_WEIGHTS + 1);
    }
  }

  private static boolean isZero(float[] values) {
    for (float value : values) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private static OnnxException end(String function) {
    return new OnnxException(
        "it ends with %s; Pare compresses classifiers that end with logits, softmax or log-softmax"
            .formatted(function));
  }

  /**
   * Lets recurrent layers make their last step alone where no other is read.
   *
   * @return for each layer the one that stands for it: itself, or what it took the last step of
   */
  private int[] shortened(boolean[] needed) {
    int[] stands = IntStream.range(0, needed.length).toArray();
    for (int i = 0; i < needed.length; i++) {
      int layer = i;
      Entry entry = entries.get(i);
      Optional<Layer> last = lastStep(entry.layer);
      List<Integer> readers =
          IntStream.range(i + 1, needed.length)
              .filter(r -> needed[r] && entries.get(r).inputs.contains(layer))
              .boxed()
              .toList();
      Layer crop = new Crop(entry.out.height() - 1, 0, 0, 0);
      if (last.isPresent()
          && !readers.isEmpty()
          && readers.stream().allMatch(r -> entries.get(r).layer.equals(crop))) {
        entry.layer = last.get();
        readers.forEach(r -> stands[r] = layer);
      }
    }
    return stands;
  }

  private static Optional<Layer> lastStep(Layer layer) {
    if (layer instanceof Gru gru) {
      return Optional.of(new Gru(gru.units(), Lstm.Steps.LAST));
    }
    return layer instanceof Lstm lstm
        ? Optional.of(new Lstm(lstm.units(), Lstm.Steps.LAST))
        : Optional.empty();
  }

  /** The layers up to one of which something is read on the way there. */
  private boolean[] needed(int layer) {
    boolean[] needed = new boolean[layer + 1];
    needed[layer] = true;
    for (int i = layer; i >= 0; i--) {
      for (int from : entries.get(i).inputs) {
        if (needed[i] && from >= 0) {
          needed[from] = true;
        }
      }
    }
    return needed;
  }

  /**
   * Some numbers of a value: all, in any order, or some channels of rows and columns side by side.
   *
   * @throws OnnxException if they are others
   */
  Flow select(Flow read, IndexMap selection) {
    int[] from = selection.from();
    if (from == null) {
      return read.arranged(selection);
    }
    BitSet taken = new BitSet();
    for (int index : from) {
      taken.set(index);
    }
    boolean once = taken.cardinality() == from.length;
    if (once && from.length == read.shape().size()) {
      return read.arranged(selection);
    }
    return some(read, selection, once);
  }

  /** Some rows and columns of some channels, which stay where they are; empty if it is not that. */
  private Optional<Flow> box(Flow read, int[] dims, int[] from) {
    Shape in = read.shape();
    BitSet channels = new BitSet();
    BitSet rows = new BitSet();
    BitSet columns = new BitSet();
    for (int index : from) {
      int place = read.place(index);
      channels.set(place / in.places());
      rows.set(place / in.width() % in.height());
      columns.set(place % in.width());
    }
    Shape out = new Shape(channels.cardinality(), rows.cardinality(), columns.cardinality());
    if (out.size() != from.length) {
      return Optional.empty();
    }
    int[] ofChannel = ranks(channels);
    int[] ofRow = ranks(rows);
    int[] ofColumn = ranks(columns);
    int[] order = new int[from.length];
    int[] sources = new int[from.length];
    for (int i = 0; i < order.length; i++) {
      int place = read.place(from[i]);
      int line =
          ofChannel[place / in.places()] * out.height() + ofRow[place / in.width() % in.height()];
      order[i] = line * out.width() + ofColumn[place % in.width()];
      sources[order[i]] = place;
    }
    return Optional.of(rearranged(read, sources, out, new IndexMap(dims, order)));
  }

  /** For each that is set, how many before it are. */
  private static int[] ranks(BitSet set) {
    int[] ranks = new int[set.length()];
    int rank = 0;
    for (int i = set.nextSetBit(0); i >= 0; i = set.nextSetBit(i + 1)) {
      ranks[i] = rank++;
    }
    return ranks;
  }

  /** Numbers as nodes see them, one after the other. */
  private Flow inOrder(Flow read, int[] dims, int[] from) {
    int[] sources = Arrays.stream(from).map(read::place).toArray();
    int rank = dims.length;
    Shape shape =
        rank == 4 && dims[0] == 1
            ? new Shape(dims[1], dims[2], dims[3])
            : new Shape(sources.length, 1, 1);
    return rearranged(read, sources, shape, IndexMap.reshaped(dims));
  }

  /**
   * Some numbers: rows and columns side by side of whole channels, or others at regular distances.
   */
  private Flow some(Flow value, IndexMap selection, boolean once) {
    int[] from = requireNonNull(selection.from(), "from");
    if (from.length == 0) {
      throw new OnnxException("it takes nothing of " + Dimensions.text(value.dims()));
    }
    Flow read = settled(value);
    Shape s = read.shape();
    Range rows = new Range();
    Range columns = new Range();
    int[] index = new int[s.channels()];
    Arrays.fill(index, -1);
    List<Integer> channels = new ArrayList<>();
    for (int i : from) {
      int place = read.place(i);
      rows.add(place / s.width() % s.height());
      columns.add(place % s.width());
      if (index[place / s.places()] < 0) {
        index[place / s.places()] = channels.size();
        channels.add(place / s.places());
      }
    }
    if (!once || from.length != (long) channels.size() * rows.size() * columns.size()) {
      return (once ? box(read, selection.dims(), from) : Optional.<Flow>empty())
          .orElseGet(() -> inOrder(read, selection.dims(), from));
    }
    boolean whole = channels.size() == s.channels();
    int[] order = new int[from.length];
    for (int i = 0; i < order.length; i++) {
      int place = read.place(from[i]);
      int channel = place / s.places();
      int row = (whole ? channel : index[channel]) * rows.size();
      row += place / s.width() % s.height() - rows.first;
      order[i] = row * columns.size() + place % s.width() - columns.first;
    }
    IndexMap seen = new IndexMap(selection.dims(), order);
    Flow cropped =
        rows.size() < s.height() || columns.size() < s.width()
            ? cropped(read, rows, columns)
            : read;
    if (whole) {
      return cropped.arranged(seen);
    }
    return add(
        cropped,
        new ChannelSelection(channels),
        new Shape(channels.size(), rows.size(), columns.size()),
        seen);
  }

  private Flow cropped(Flow read, Range rows, Range columns) {
    Shape s = read.shape();
    Shape out = new Shape(s.channels(), rows.size(), columns.size());
    return add(
        read,
        new Crop(
            rows.first, s.height() - 1 - rows.last, columns.first, s.width() - 1 - columns.last),
        out,
        IndexMap.reshaped(out.size()));
  }

  /** From a first to a last index. */
  private static final class Range {
    int first = Integer.MAX_VALUE;
    int last = -1;

    void add(int index) {
      first = Math.min(first, index);
      last = Math.max(last, index);
    }

    int size() {
      return last - first + 1;
    }
  }

  /** A value with its rows the other way round, where nodes see them. */
  Flow reversed(Flow read) {
    Flow flow = settled(read);
    Shape s = flow.shape();
    int[] order = new int[s.size()];
    for (int i = 0; i < order.length; i++) {
      int place = flow.place(i);
      order[i] = place + (s.height() - 1 - 2 * (place / s.width() % s.height())) * s.width();
    }
    return add(flow, new Reversal(), s, new IndexMap(flow.dims(), order));
  }

  /** A value with its rows as another one has them, which may be the other way round. */
  private Flow aligned(Flow flow, Flow with) {
    Shape s = flow.shape();
    if (s.height() == 1 || !s.equals(with.shape())) {
      return flow;
    }
    for (int i = 0; i < s.size(); i++) {
      int row = flow.place(i) / s.width() % s.height();
      if (row != s.height() - 1 - with.place(i) / s.width() % s.height()) {
        return flow;
      }
    }
    return reversed(flow);
  }
}
