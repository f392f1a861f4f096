package dev.pare.onnx;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Crop;
import dev.pare.graph.Dense;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Gru;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.Prelu;
import dev.pare.graph.Rearrangement;
import dev.pare.graph.Reversal;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shape;
import dev.pare.graph.Softmax;
import dev.pare.graph.ZeroPadding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Makes a network of the layers that were read. */
final class Completion {
  /** What has its inputs' numbers as they are. */
  private static final Set<Class<? extends Layer>> MOVES =
      Set.of(
          Concatenation.class,
          ChannelSelection.class,
          Crop.class,
          Rearrangement.class,
          Reversal.class,
          ZeroPadding.class);

  private final InputShape input;
  private final List<BuiltLayer> entries;
  private final NetworkBuilder builder;

  Completion(InputShape input, List<BuiltLayer> entries, NetworkBuilder builder) {
    this.input = input;
    this.entries = entries;
    this.builder = builder;
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
    Flow last = builder.arrangement().inOrder(builder.settled(output));
    BuiltLayer end = entries.get(last.layer());
    Shape in = builder.shape(end.inputs.get(0));
    if (end.layer instanceof Convolution convolution
        && convolution.groups() == 1
        && !convolution.isPadded()
        && end.out.isPoint()
        && in.height() == convolution.vertical().kernel()
        && in.width() == convolution.horizontal().kernel()) {
      // One window over all there is.
      end.layer = new Dense(convolution.filters(), convolution.activation());
    }
    checkScores(end);
    if (!last.isInOrder() || !last.shape().isPoint()) {
      int[] sources = last.places();
      last =
          builder
              .arrangement()
              .rearranged(
                  last,
                  sources,
                  new Shape(sources.length, 1, 1),
                  IndexMap.reshaped(1, sources.length));
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
        BuiltLayer entry = entries.get(i);
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

  /** Whether a layer's outputs are those of a function that has changed scores already. */
  private void checkScores(BuiltLayer end) {
    if (end.layer instanceof Elementwise
        || end.layer instanceof Prelu
        || end.layer instanceof Softmax) {
      throw end(end.layer.title());
    }
    if (end.layer.activation() != Activation.IDENTITY) {
      throw end(end.layer.activation().name().toLowerCase(Locale.ROOT));
    }
    if (MOVES.contains(end.layer.getClass())) {
      end.inputs.stream().filter(from -> from >= 0).forEach(from -> checkScores(behind(from)));
    }
  }

  /** The layer that makes a value, behind what only shifts and scales it. */
  private BuiltLayer behind(int index) {
    BuiltLayer entry = entries.get(index);
    boolean affine =
        entry.layer instanceof Elementwise elementwise
            && elementwise.function() == Elementwise.Function.AFFINE;
    return affine && entry.inputs.get(0) >= 0 ? behind(entry.inputs.get(0)) : entry;
  }

  private void checkProjected(BuiltLayer entry) {
    Shape in = builder.shape(entry.inputs.get(0));
    if (entry.open && entry.out.channels() != in.channels()) {
      throw new OnnxException(
          "attention whose heads have %d numbers that no dense layer projects to the %d channels it reads is not supported"
              .formatted(entry.out.channels(), in.channels()));
    }
    boolean biased =
        entry.layer instanceof SelfAttention
            && (!isZero(entry.tensors[Attention.BIASES])
                || !isZero(entry.tensors[Attention.BIASES - 1]));
    if (entry.layer instanceof SelfAttention attention && !biased) {
      entry.layer = new SelfAttention(attention.heads(), attention.width());
      entry.tensors = Arrays.copyOf(entry.tensors, Attention.WEIGHTS + 1);
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
      BuiltLayer entry = entries.get(i);
      Optional<Layer> last = lastStep(entry.layer);
      if (last.isEmpty()) {
        continue;
      }
      List<Integer> readers =
          IntStream.range(i + 1, needed.length)
              .filter(r -> needed[r] && entries.get(r).inputs.contains(layer))
              .boxed()
              .toList();
      Layer crop = new Crop(entry.out.height() - 1, 0, 0, 0);
      if (!readers.isEmpty() && readers.stream().allMatch(r -> entries.get(r).layer.equals(crop))) {
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
}
