package dev.pare.onnx;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Gru;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.Pooling;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.graph.SparseActivation;
import dev.pare.onnx.Flow.Readers;
import dev.pare.onnx.Flow.Steps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A network while it is read: a layer that nobody reads yet is still open to changes. */
final class NetworkBuilder {
  /** Of all layers' outputs for an example, and of parameters beside those in the file. */
  private static final long MOST_NUMBERS = 1L << 27;

  private static final float TINY = 1e-12f;

  private final InputShape input;
  private final List<Entry> entries = new ArrayList<>();
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
    checkDone(read);
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
   * Puts a layer behind a value to which nothing is left to be done.
   *
   * @param out what it makes
   * @param seen how nodes see that
   * @param tensors its parameters, as {@link Architecture#tensors()} has them; they are kept
   */
  Flow add(Flow read, Layer layer, Shape out, Selection seen, float[]... tensors) {
    return add(List.of(read), layer, out, seen, tensors);
  }

  /** Puts a layer behind several values, likewise. */
  Flow add(List<Flow> read, Layer layer, Shape out, Selection seen, float[]... tensors) {
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

  private static void checkDone(Flow read) {
    if (read.affine() != null) {
      throw new OnnxException(
          "it reads numbers that are multiplied or added to by constants, which Pare can fold into"
              + " weights of dense layers, LSTMs and convolutions without padding alone");
    }
  }

  /**
   * A function of each number: of the layer before it, if that has none yet and nobody else reads
   * its sums.
   */
  Flow activate(Flow read, Activation function) {
    Flow clean = normalized(read);
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
    if (function != Activation.RELU) {
      throw new OnnxException(
          "Pare has this function right behind dense layers, convolutions, batch normalization and"
              + " sums alone, where nothing else reads these");
    }
    return add(
        clean,
        SparseActivation.threshold(0),
        clean.shape(),
        new Selection(clean.dims(), clean.order()));
  }

  private static Optional<Layer> activated(Layer layer, Activation function) {
    boolean has =
        layer instanceof Dense
            || layer instanceof Convolution
            || layer instanceof BatchNormalization
            || layer instanceof Shortcut;
    return has && layer.activation() == Activation.IDENTITY
        ? Optional.of(layer.withActivation(function))
        : Optional.empty();
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
    boolean normalization = entry.layer instanceof BatchNormalization;
    if (!normalization
        && !(entry.layer instanceof Dense)
        && !(entry.layer instanceof Convolution)) {
      return false;
    }
    // With a function of its own already, there is none that could be put on it.
    if (activated(entry.layer, Activation.RELU).isEmpty()) {
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
   * A value as layers should read it: a standardization of the input, or what else is done to it,
   * becomes a batch normalization with the statistics that do the same, where channels have them.
   */
  Flow normalized(Flow read) {
    // Weights that took it up would be of other sizes than those a network is trained with:
    // students of such ones hardly learn, and pruning by magnitude takes the wrong ones.
    Affine affine = read.affine();
    int channels = read.shape().channels();
    if (affine == null || read.layer() >= 0 || !affine.isAlikeWithin(channels)) {
      return read;
    }
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
        return read;
      }
    }
    return add(
        read.withAffine(null),
        new BatchNormalization(TINY, Activation.IDENTITY),
        read.shape(),
        new Selection(read.dims(), read.order()),
        gamma,
        new float[channels],
        mean,
        variance);
  }

  /** The sum of what two layers make. */
  Flow sum(Flow one, Flow other) {
    if (!Arrays.equals(one.dims(), other.dims())
        || !one.shape().equals(other.shape())
        || !isSameOrder(one, other)) {
      throw new OnnxException(
          "it adds %s to %s; Pare adds what has the same shape"
              .formatted(Dimensions.text(other.dims()), Dimensions.text(one.dims())));
    }
    return add(
        List.of(one, other),
        new Shortcut(Activation.IDENTITY),
        one.shape(),
        new Selection(one.dims(), one.order()));
  }

  private static boolean isSameOrder(Flow one, Flow other) {
    for (int i = 0; i < one.shape().size(); i++) {
      if (one.place(i) != other.place(i)) {
        return false;
      }
    }
    return true;
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
    open(output);
    Entry end = entries.get(output.layer());
    Shape in = shape(end.inputs.get(0));
    if (end.layer instanceof Convolution convolution
        && !convolution.isPadded()
        && end.out.height() == 1
        && end.out.width() == 1
        && in.height() == convolution.vertical().kernel()
        && in.width() == convolution.horizontal().kernel()) {
      // One window over all there is.
      end.layer = new Dense(convolution.filters(), convolution.activation());
    }
    if (!(end.layer instanceof Dense dense)) {
      throw new OnnxException(
          "its last layer is %s; Pare compresses classifiers that end with a dense layer"
              .formatted(end.layer.title()));
    }
    if (dense.activation() != Activation.IDENTITY) {
      throw new OnnxException(
          "it ends with %s; Pare compresses classifiers that end with logits, softmax or log-softmax"
              .formatted(dense.activation().name().toLowerCase(Locale.ROOT)));
    }
    if (output.affine() != null || !output.isInOrder()) {
      throw new OnnxException("its last layer's outputs are changed or rearranged");
    }
    end.layer = new Dense(dense.units(), Activation.SOFTMAX);
    boolean[] needed = needed(output.layer());
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
   * Some numbers of a value: all, in any order, or those of an LSTM's last step.
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
    if (taken.cardinality() == from.length && from.length == read.shape().size()) {
      return read.arranged(selection);
    }
    int steps = read.shape().height();
    if (taken.cardinality() != from.length
        || from.length != read.shape().channels()
        || read.layer() < 0
        || read.affine() != null
        || !(entries.get(read.layer()).layer instanceof Lstm
            || entries.get(read.layer()).layer instanceof Gru)
        || Arrays.stream(from).anyMatch(index -> read.place(index) % steps != steps - 1)) {
      throw new OnnxException(
          "it takes %s of %s; Pare takes the last step of a recurrent layer alone"
              .formatted(Dimensions.text(selection.dims()), Dimensions.text(read.dims())));
    }
    return new Flow(
        read.layer(),
        new Shape(read.shape().channels(), 1, 1),
        selection.dims(),
        Arrays.stream(from).map(index -> read.place(index) / steps).toArray(),
        read.readers(),
        Steps.LAST,
        null);
  }
}
