package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Arithmetic;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Elementwise;
import dev.pare.graph.GroupNormalization;
import dev.pare.graph.Gru;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.LayerNormalization;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.Pooling;
import dev.pare.graph.Prelu;
import dev.pare.graph.Rearrangement;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Softmax;
import dev.pare.graph.TransposedConvolution;
import dev.pare.graph.ZeroPadding;
import dev.pare.onnx.Flow.Readers;
import dev.pare.onnx.Flow.Steps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
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
    final float[][] tensors;
    Shape out;

    /** Of what it reads first. */
    final Readers readers;

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
  Flow input(Selection seen) {
    Shape shape = new Shape(input.channels(), input.height(), input.width());
    return new Flow(-1, shape, seen.dims(), seen.from(), Readers.ONE, Steps.ALL, null);
  }

  /**
   * Makes sure that a layer can read a value.
   *
   * @throws OnnxException if it is not all that its layer makes, and cannot become so
   */
  private void open(Flow read) {
    if (read.steps() == Steps.LAST && !isRead(read.layer())) {
      Entry entry = entries.get(read.layer());
      entry.layer = lastStep(entry.layer);
      entry.out = read.shape();
    }
    if (!shape(read.layer()).equals(read.shape())) {
      throw new OnnxException(
          "it reads all steps of a recurrent layer whose last one is read, too");
    }
  }

  private static Layer lastStep(Layer layer) {
    return layer instanceof Gru gru
        ? new Gru(gru.units(), Lstm.Steps.LAST)
        : new Lstm(((Lstm) layer).units(), Lstm.Steps.LAST);
  }

  private boolean isRead(int layer) {
    return entries.stream().anyMatch(entry -> entry.inputs.contains(layer));
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
  Flow add(Flow read, Layer layer, Shape out, Selection seen, float[]... tensors) {
    return add(List.of(read), layer, out, seen, tensors);
  }

  /** Puts a layer behind several values, likewise. */
  Flow add(List<Flow> values, Layer layer, Shape out, Selection seen, float[]... tensors) {
    List<Flow> read = values.stream().map(this::settled).toList();
    read.forEach(this::open);
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
    List<Integer> inputs = read.stream().map(Flow::layer).toList();
    entries.add(new Entry(layer, inputs, tensors, out, read.get(0).readers()));
    return new Flow(
        entries.size() - 1, out, seen.dims(), seen.from(), Readers.ONE, Steps.ALL, null);
  }

  /**
   * A function of each number: of the layer before it, if that has none yet and nobody else reads
   * its sums; else a layer of its own.
   */
  Flow activate(Flow read, Activation function) {
    Flow clean = settled(read);
    open(clean);
    int at = clean.layer();
    if (at >= 0 && clean.readers() == Readers.ONE && clean.steps() == Steps.ALL) {
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

  /** A layer that has a function of each number, wherever nodes see it. */
  Flow apply(Flow read, Elementwise function) {
    return add(read, function, read.shape(), new Selection(read.dims(), read.order()));
  }

  /**
   * Multiplies and adds: in the layer before, if that has no activation and nobody else reads it;
   * else it is left to the one that comes next.
   */
  Flow multiplyAdd(Flow read, Affine affine) {
    if (read.layer() >= 0
        && read.readers() == Readers.ONE
        && read.steps() == Steps.ALL
        && read.affine() == null
        && affine.isAlikeWithin(read.shape().channels())
        && fold(entries.get(read.layer()), affine, read.area())) {
      return read;
    }
    return read.withAffine(read.affine() == null ? affine : read.affine().then(affine));
  }

  private static boolean fold(Entry entry, Affine affine, int area) {
    boolean linear =
        entry.layer instanceof BatchNormalization
            || entry.layer instanceof GroupNormalization
            || entry.layer instanceof LayerNormalization
            || entry.layer instanceof Dense
            || entry.layer instanceof Convolution
            || entry.layer instanceof TransposedConvolution;
    // What comes behind a function cannot go before it.
    if (!linear || entry.layer.activation() != Activation.IDENTITY) {
      return false;
    }
    float[] factors = entry.tensors[0];
    float[] summands = entry.tensors[1];
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
    throw new OnnxException(
        "it reads numbers that are multiplied or added to by constants of their own, which Pare can"
            + " fold into weights alone; else it has one for each channel");
  }

  /** Whether a layer can do what is left to be done to a value. */
  boolean canSettle(Flow read) {
    return read.affine() != null && read.affine().isAlikeWithin(read.shape().channels());
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
            new Selection(read.dims(), read.order()),
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
    return add(read, new ChannelSelection(channels), read.shape(), Selection.reshaped(read.dims()));
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
    return rearranged(flow, sources, new Shape(count, places, 1), new Selection(dims, order));
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
    if (flow.layer() < 0 || !image || dims[0] != 1 || Windows.sees(flow)) {
      return flow;
    }
    Flow clean = settled(flow);
    int[] sources = IntStream.range(0, clean.shape().size()).map(clean::place).toArray();
    Shape shape = new Shape(dims[1], dims[2], dims.length == 4 ? dims[3] : 1);
    return rearranged(clean, sources, shape, Selection.reshaped(dims));
  }

  /**
   * A layer that has some of a value's numbers, in another order or shape.
   *
   * @param sources for each number that it makes, which one of the value's it is
   * @throws OnnxException if they are not at regular distances
   */
  private Flow rearranged(Flow read, int[] sources, Shape shape, Selection seen) {
    if (shape.equals(read.shape()) && isAscending(sources)) {
      return new Flow(
          read.layer(), shape, seen.dims(), seen.from(), read.readers(), read.steps(), null);
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
        throw irregular(seen);
      }
    }
    if (sides.size() > Rearrangement.MOST_SIDES) {
      throw irregular(seen);
    }
    int channels = within ? 0 : shape.channels();
    Rearrangement layer =
        new Rearrangement(channels, shape.height(), shape.width(), pattern[0], sides, strides);
    if (!Arrays.equals(layer.places(), pattern)) {
      throw irregular(seen);
    }
    return add(read, layer, shape, seen);
  }

  private static boolean isAscending(int[] values) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] != i) {
        return false;
      }
    }
    return true;
  }

  private static OnnxException irregular(Selection seen) {
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
    List<Flow> parts = joined.parts();
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
                new Selection(dims, order))
            .withReaders(joined.readers());
    concatenations.put(joined, made);
    return made;
  }

  /** What two layers make, number by number; the smaller one is repeated. */
  Flow combined(Arithmetic.Operation operation, Flow one, Flow other) {
    int[] dims = Dimensions.broadcast(one.dims(), other.dims());
    Flow first = settled(one);
    Flow second = settled(other);
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
        new Selection(dims, out.get().order()));
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
    return rearranged(read, sources, shape, Selection.reshaped(dims));
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
        ? Optional.of(new Flow(-1, shape, dims, order, Readers.ONE, Steps.ALL, null))
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
        new Padded(new Flow(source, within, dims, null, Readers.SEVERAL, Steps.ALL, null), zeros));
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
    open(last);
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
              last,
              sources,
              new Shape(sources.length, 1, 1),
              Selection.reshaped(1, sources.length));
      end = entries.get(last.layer());
    }
    if (end.layer instanceof Dense) {
      end.layer = end.layer.withActivation(Activation.SOFTMAX);
    }
    boolean[] needed = needed(last.layer());
    int[] moved = new int[needed.length];
    List<Node> nodes = new ArrayList<>();
    List<float[]> tensors = new ArrayList<>();
    for (int i = 0; i < needed.length; i++) {
      moved[i] = nodes.size();
      if (needed[i]) {
        Entry entry = entries.get(i);
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

  private static OnnxException end(String function) {
    return new OnnxException(
        "it ends with %s; Pare compresses classifiers that end with logits, softmax or log-softmax"
            .formatted(function));
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
   * Some numbers of a value: all, in any order, some channels, or those of an LSTM's last step.
   *
   * @throws OnnxException if they are others
   */
  Flow select(Flow read, Selection selection) {
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
    if (once && isLastStep(read, from)) {
      int steps = read.shape().height();
      return new Flow(
          read.layer(),
          new Shape(read.shape().channels(), 1, 1),
          selection.dims(),
          Arrays.stream(from).map(index -> read.place(index) / steps).toArray(),
          read.readers(),
          Steps.LAST,
          null);
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
    return Optional.of(rearranged(read, sources, out, new Selection(dims, order)));
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
    return rearranged(read, sources, shape, Selection.reshaped(dims));
  }

  private boolean isLastStep(Flow read, int[] from) {
    int steps = read.shape().height();
    return from.length == read.shape().channels()
        && read.layer() >= 0
        && read.affine() == null
        && (entries.get(read.layer()).layer instanceof Lstm
            || entries.get(read.layer()).layer instanceof Gru)
        && Arrays.stream(from).allMatch(index -> read.place(index) % steps == steps - 1);
  }

  /** Some numbers: whole channels, if they are, or others at regular distances. */
  private Flow some(Flow read, Selection selection, boolean once) {
    int[] from = requireNonNull(selection.from(), "from");
    int area = read.area();
    int[] index = new int[read.shape().channels()];
    Arrays.fill(index, -1);
    List<Integer> channels = new ArrayList<>();
    int[] order = new int[from.length];
    for (int i = 0; i < from.length; i++) {
      int place = read.place(from[i]);
      int channel = place / area;
      if (index[channel] < 0) {
        index[channel] = channels.size();
        channels.add(channel);
      }
      order[i] = index[channel] * area + place % area;
    }
    if (from.length == 0) {
      throw new OnnxException("it takes nothing of " + Dimensions.text(read.dims()));
    }
    if (!once || from.length != channels.size() * area) {
      Flow flow = settled(read);
      return (once ? box(flow, selection.dims(), from) : Optional.<Flow>empty())
          .orElseGet(() -> inOrder(flow, selection.dims(), from));
    }
    return add(
        read,
        new ChannelSelection(channels),
        new Shape(channels.size(), read.shape().height(), read.shape().width()),
        new Selection(selection.dims(), order));
  }
}
