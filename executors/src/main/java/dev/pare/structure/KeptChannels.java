package dev.pare.structure;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Architecture;
import dev.pare.graph.ChannelFlow;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Node;
import dev.pare.graph.Parameter.Axis;
import dev.pare.graph.ParameterTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Some channels of a network's input and of what each of its layers makes, in any order: what is
 * left of its layers and of the rows and columns of its parameters. Immutable.
 *
 * <p>Channels of the input are single features where nothing but dense layers read it.
 */
public final class KeptChannels {
  private final Architecture original;
  private final List<int[]> channels;
  private final Architecture architecture;

  /**
   * @param channels of the input, then of each layer's output, at least one of each, in the order
   *     that they have then
   * @throws IllegalArgumentException naming the first layer whose channels do not fit those that
   *     they follow from
   */
  public KeptChannels(Architecture original, List<int[]> channels) {
    this.original = requireNonNull(original, "original is null");
    this.channels = channels.stream().map(int[]::clone).toList();
    if (channels.size() != original.layers().size() + 1) {
      throw new IllegalArgumentException(
          channels.size() + " choices of channels for " + original.layers().size() + " layers");
    }
    this.architecture = reduced();
    for (int i = 0; i < original.layers().size(); i++) {
      if (!fits(i)) {
        throw new IllegalArgumentException(
            "layer %d: %s of its channels do not follow from those that are left of its inputs"
                .formatted(i, Arrays.toString(of(i))));
      }
    }
  }

  /** All of a network's channels. */
  public static KeptChannels all(Architecture architecture) {
    return new KeptChannels(
        architecture,
        IntStream.range(Node.NETWORK_INPUT, architecture.layers().size())
            .mapToObj(node -> IntStream.range(0, count(architecture, node)).toArray())
            .toList());
  }

  /** How many channels a node makes, or the network's input has. */
  static int count(Architecture architecture, int node) {
    return node == Node.NETWORK_INPUT && readsFeatures(architecture)
        ? architecture.input().size()
        : architecture.outputShape(node).channels();
  }

  /** Whether each of a network's features is read by weights of its own. */
  private static boolean readsFeatures(Architecture architecture) {
    return architecture.nodes().stream()
        .filter(node -> node.inputs().contains(Node.NETWORK_INPUT))
        .allMatch(node -> node.layer() instanceof Dense);
  }

  private Architecture reduced() {
    InputShape input = original.input();
    int inputs = of(Node.NETWORK_INPUT).length;
    if (inputs < count(original, Node.NETWORK_INPUT)) {
      input =
          readsFeatures(original)
              ? new InputShape(inputs, 1, 1, input.divisor())
              : new InputShape(inputs, input.height(), input.width(), input.divisor());
    }
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < original.nodes().size(); i++) {
      Node node = original.nodes().get(i);
      nodes.add(node.with(node.layer().reduced(inputs(i), of(i))));
    }
    return new Architecture(input, nodes);
  }

  private List<int[]> inputs(int layer) {
    return original.nodes().get(layer).inputs().stream().map(this::of).toList();
  }

  private boolean fits(int layer) {
    if (architecture.outputShape(layer).channels() != of(layer).length) {
      return false;
    }
    ChannelFlow was = original.flow(layer);
    if (was.isMixed()) {
      return was.groups() == 1 || fitsGroups(layer, was.groups());
    }
    if (!was.isDirect()) {
      return (was.isMade() || isComplete(layer))
          && original.nodes().get(layer).inputs().stream().allMatch(this::isComplete);
    }
    ChannelFlow is = architecture.flow(layer);
    List<int[]> inputs = inputs(layer);
    for (int k = 0; k < inputs.size(); k++) {
      int[] from = inputs.get(k);
      for (int i = 0; i < of(layer).length; i++) {
        // Of a single channel that is left, all is mixed.
        int source = is.isMixed() ? 0 : is.source(k, i);
        if (was.source(k, of(layer)[i]) != (source < 0 ? -1 : from[source])) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether the same channels of each group are left, and each group's make its own. */
  private boolean fitsGroups(int layer, int groups) {
    int source = original.source(layer);
    int[] in = of(source);
    int[] out = of(layer);
    if (in.length % groups != 0 || out.length % groups != 0) {
      return false;
    }
    int wide = count(original, source) / groups;
    int high = count(original, layer) / groups;
    int left = in.length / groups;
    return IntStream.range(0, in.length).allMatch(i -> in[i] == i / left * wide + in[i % left])
        && IntStream.range(0, out.length).allMatch(i -> out[i] / high == i / (out.length / groups));
  }

  private boolean isComplete(int node) {
    int[] left = of(node);
    return left.length == count(original, node)
        && IntStream.range(0, left.length).allMatch(i -> left[i] == i);
  }

  /** The architecture that they are channels of. */
  public Architecture original() {
    return original;
  }

  /** The architecture that is left. */
  public Architecture architecture() {
    return architecture;
  }

  /**
   * What is left of a layer's channels, not a copy.
   *
   * @param node {@link Node#NETWORK_INPUT} for the network's input
   */
  public int[] of(int node) {
    return channels.get(node + 1);
  }

  /** How many of a layer's channels, or of the network's inputs, are left out. */
  public int removed(int node) {
    return count(original, node) - of(node).length;
  }

  /** Which rows of one of the original's tensors are left. */
  public int[] rows(ParameterTensor tensor) {
    return left(tensor, tensor.parameter().rowAxis(), tensor.rows());
  }

  /** Which columns of one of the original's tensors are left. */
  public int[] columns(ParameterTensor tensor) {
    return left(tensor, tensor.parameter().columnAxis(), tensor.columns());
  }

  private int[] left(ParameterTensor tensor, Axis axis, int count) {
    int layer = tensor.layer();
    int source = original.source(layer);
    int[] in = of(source);
    return switch (axis) {
      case INPUTS -> spread(in, count / count(original, source));
      case GROUP_INPUTS -> groupColumns(layer, in, count);
      case OUTPUTS -> spread(of(layer), count / count(original, layer));
      case GATES -> gates(of(layer), count / count(original, layer), count(original, layer));
      case NONE, HEADS, RANK -> IntStream.range(0, count).toArray();
    };
  }

  /**
   * Of a group of one channel that is left all; of wider ones the same of each, as of the first.
   */
  private int[] groupColumns(int layer, int[] in, int count) {
    ChannelFlow flow = original.flow(layer);
    if (!flow.isMixed()) {
      return IntStream.range(0, count).toArray();
    }
    int wide = original.inputShape(layer).channels() / flow.groups();
    return spread(Arrays.copyOf(in, in.length / flow.groups()), count / wide);
  }

  private static int[] spread(int[] channels, int each) {
    return IntStream.range(0, channels.length * each)
        .map(i -> channels[i / each] * each + i % each)
        .toArray();
  }

  private static int[] gates(int[] units, int gates, int of) {
    return IntStream.range(0, gates * units.length)
        .map(i -> i / units.length * of + units[i % units.length])
        .toArray();
  }
}
