package dev.pare.sparsify;

import dev.pare.data.ConstantFeatures;
import dev.pare.data.Examples;
import dev.pare.data.SelectedFeatures;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.Parameter.Axis;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.SparseActivation;
import dev.pare.structure.ChannelGroups;
import dev.pare.structure.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A smaller network that computes what another one does, and the way back to the other's
 * architecture.
 *
 * <p>Inputs that are constant over the training data, units with no weight coming in and units with
 * none going out are left out; what a constant one contributed goes into the next layer's biases.
 * Inputs are single features before a dense layer and whole channels elsewhere; the units of a
 * convolution are its filters. At least one of each layer stays. The outputs are the same up to the
 * rounding of sums, for all inputs whose constant features have their constant values.
 *
 * <p>Training the smaller network and expanding it is training the other one with zero weights held
 * at zero, except that what is constant is learned by the biases alone. Nothing constant is looked
 * for in a network with shortcuts, sequences, attention, factored layers or layers that DL4J runs.
 */
public final class Reduction {
  private final Architecture original;
  private final Network network;

  /** What is left of the inputs, then of the channels that each layer makes. */
  private final List<int[]> kept;

  /** For each parameter of the smaller network, its index in the original one. */
  private final int[] positions;

  private Reduction(Network full, ConstantUnits found) {
    this.original = full.architecture();
    this.kept = found.kept();
    Architecture reduced = architecture(original, kept);
    this.positions = positions(original, reduced, kept);
    float[] parameters = select(full.parameters());
    int layer = 0;
    for (ParameterTensor tensor : reduced.tensors()) {
      if (tensor.role() == Role.BIAS) {
        int[] rows = kept.get(tensor.layer() + 1);
        for (int row = 0; row < rows.length; row++) {
          parameters[tensor.offset() + row] = found.bias(layer, rows[row]);
        }
        layer++;
      }
    }
    this.network = new Network(reduced, parameters);
  }

  /** Leaves out units; what they say is lost. */
  private Reduction(Network full, List<int[]> kept) {
    this.original = full.architecture();
    this.kept = kept;
    Architecture reduced = withFewerWinners(original, architecture(original, kept));
    this.positions = positions(original, reduced, kept);
    float[] parameters = select(full.parameters());
    this.network = new Network(reduced, parameters);
  }

  /** Leaves out nothing. */
  private Reduction(Network full) {
    this.original = full.architecture();
    this.network = full;
    this.positions = IntStream.range(0, full.parameters().length).toArray();
    this.kept = new ArrayList<>();
    kept.add(IntStream.range(0, inputs(original)).toArray());
    for (int i = 0; i < original.layers().size(); i++) {
      kept.add(IntStream.range(0, original.outputShape(i).channels()).toArray());
    }
  }

  /** Whether it has layers of which one unit does not simply lead to those of the next. */
  private static boolean isOpaque(Network network) {
    Architecture architecture = network.architecture();
    return IntStream.range(0, architecture.layers().size())
        .anyMatch(i -> isOpaque(architecture.nodes().get(i), i));
  }

  private static boolean isOpaque(Node node, int index) {
    Layer layer = node.layer();
    boolean known =
        layer instanceof Dense
            || layer instanceof BatchNormalization
            || layer instanceof SparseActivation
            || layer instanceof Convolution convolution && convolution.groups() == 1
            || layer instanceof Pooling pooling && pooling.isPlain();
    return !known || !node.equals(layer.at(index));
  }

  /**
   * Leaves out everything that can be, given that weights that are zero stay zero.
   *
   * @param constants of the examples that the network will see
   */
  public static Reduction of(Network network, ConstantFeatures constants) {
    if (isOpaque(network)) {
      return new Reduction(network);
    }
    ConstantUnits found = new ConstantUnits(network, constants);
    found.removeAll();
    return new Reduction(network, found);
  }

  /** Leaves out nothing. */
  public static Reduction none(Network network) {
    return new Reduction(network);
  }

  /**
   * Leaves out hidden units and channels, whatever their outputs. Of top-k activations the same
   * share of those that are left stays.
   *
   * @param gone some of the network's groups
   */
  static Reduction without(Network network, Collection<ChannelGroups.Group> gone) {
    Architecture architecture = network.architecture();
    List<int[]> kept = new ArrayList<>(ChannelGroups.of(architecture).without(gone));
    kept.set(0, IntStream.range(0, inputs(architecture)).toArray());
    return new Reduction(network, kept);
  }

  /** Leaves out constant inputs only: zero weights may become others. */
  public static Reduction ofInputs(Network network, ConstantFeatures constants) {
    if (isOpaque(network)) {
      return new Reduction(network);
    }
    ConstantUnits found = new ConstantUnits(network, constants);
    found.removeConstantInputs();
    return new Reduction(network, found);
  }

  private static Architecture architecture(Architecture original, List<int[]> kept) {
    InputShape input = original.input();
    if (kept.get(0).length < inputs(original)) {
      input =
          original.layers().get(0) instanceof Dense
              ? new InputShape(kept.get(0).length, 1, 1, input.divisor())
              : new InputShape(kept.get(0).length, input.height(), input.width(), input.divisor());
    }
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < original.nodes().size(); i++) {
      Node node = original.nodes().get(i);
      List<int[]> inputs = node.inputs().stream().map(from -> kept.get(from + 1)).toList();
      nodes.add(node.with(node.layer().reduced(inputs, kept.get(i + 1))));
    }
    return new Architecture(input, nodes);
  }

  private static Architecture withFewerWinners(Architecture original, Architecture reduced) {
    return reduced.with(
        i -> {
          Layer layer = reduced.layers().get(i);
          if (!(layer instanceof SparseActivation sparse)
              || sparse.rule() != SparseActivation.Rule.WINNERS) {
            return layer;
          }
          double share = (double) reduced.inputShape(i).size() / original.inputShape(i).size();
          long winners = Math.round(share * sparse.winners());
          return SparseActivation.winners((int) Math.max(1, winners));
        });
  }

  /** How many inputs there are to leave out: features before a dense layer, else channels. */
  static int inputs(Architecture architecture) {
    return architecture.layers().get(0) instanceof Dense
        ? architecture.input().size()
        : architecture.input().channels();
  }

  private static int[] positions(Architecture original, Architecture reduced, List<int[]> kept) {
    int[] positions = new int[reduced.parameters()];
    int at = 0;
    for (ParameterTensor tensor : original.tensors()) {
      int source = original.source(tensor.layer());
      int inputs =
          source == Node.NETWORK_INPUT ? inputs(original) : original.outputShape(source).channels();
      Axes axes =
          new Axes(
              kept.get(source + 1),
              inputs,
              kept.get(tensor.layer() + 1),
              original.outputShape(tensor.layer()).channels());
      int[] rows = axes.left(tensor.parameter().rowAxis(), tensor.rows());
      int[] columns = axes.left(tensor.parameter().columnAxis(), tensor.columns());
      for (int row : rows) {
        for (int column : columns) {
          positions[at++] = tensor.offset() + row * tensor.columns() + column;
        }
      }
    }
    return positions;
  }

  /**
   * What is left of a layer.
   *
   * @param in its inputs' channels that are left
   * @param inputs how many there were
   * @param out its outputs' channels that are left
   * @param outputs how many there were
   */
  private record Axes(int[] in, int inputs, int[] out, int outputs) {
    /** Which rows or columns of a tensor are left. */
    int[] left(Axis axis, int count) {
      return switch (axis) {
        case INPUTS -> spread(in, inputs, count);
        case OUTPUTS -> spread(out, outputs, count);
        case GATES -> gates(count);
        case NONE, HEADS, RANK -> IntStream.range(0, count).toArray();
      };
    }

    private static int[] spread(int[] channels, int of, int count) {
      int each = count / of;
      return IntStream.range(0, channels.length * each)
          .map(i -> channels[i / each] * each + i % each)
          .toArray();
    }

    private int[] gates(int count) {
      int gates = count / outputs;
      return IntStream.range(0, gates * out.length)
          .map(i -> i / out.length * outputs + out[i % out.length])
          .toArray();
    }
  }

  /** The smaller network. */
  public Network network() {
    return network;
  }

  /** The smaller network as what is left of the other's units. */
  Part part() {
    Map<Integer, List<Integer>> units = new TreeMap<>();
    for (int i = 0; i < original.layers().size(); i++) {
      int[] left = kept.get(i + 1);
      if (ChannelGroups.mixes(original, i) && left.length < original.outputShape(i).channels()) {
        units.put(i, IntStream.of(left).boxed().toList());
      }
    }
    return Part.ofUnits(network, units);
  }

  /** The architecture of the network it was made from. */
  public Architecture original() {
    return original;
  }

  /** How many inputs are left out: features before a dense layer, else channels. */
  public int removedInputs() {
    return inputs(original) - kept.get(0).length;
  }

  /** How many units and filters are left out. */
  public int removedUnits() {
    int removed = 0;
    for (int i = 0; i < original.layers().size(); i++) {
      boolean weighted = original.tensors(i).stream().anyMatch(ParameterTensor::isWeight);
      removed += weighted ? original.outputShape(i).channels() - kept.get(i + 1).length : 0;
    }
    return removed;
  }

  /** Examples for the original network, as the smaller one reads them. */
  public Examples examples(Examples examples) {
    if (removedInputs() == 0) {
      return examples;
    }
    int each = original.input().size() / inputs(original);
    int[] features = new int[kept.get(0).length * each];
    for (int i = 0; i < features.length; i++) {
      features[i] = kept.get(0)[i / each] * each + i % each;
    }
    return new SelectedFeatures(examples, features);
  }

  /**
   * The original architecture with the parameters of a network of the smaller one; what was left
   * out is zero.
   */
  public Network expand(Network smaller) {
    if (!smaller.architecture().equals(network.architecture())) {
      throw new IllegalArgumentException(
          smaller.architecture() + " is not the reduced " + network.architecture());
    }
    float[] parameters = new float[original.parameters()];
    for (int i = 0; i < positions.length; i++) {
      parameters[positions[i]] = smaller.parameters()[i];
    }
    return new Network(original, parameters);
  }

  /**
   * What stands in other parameters of the original architecture where those of the smaller network
   * were.
   */
  public float[] select(float[] parameters) {
    float[] selected = new float[positions.length];
    for (int i = 0; i < selected.length; i++) {
      selected[i] = parameters[positions[i]];
    }
    return selected;
  }

  /** Where that which is left of one of the original's tensors lies in the smaller network. */
  public ParameterTensor part(ParameterTensor tensor) {
    return network.architecture().tensors().get(original.tensors().indexOf(tensor));
  }

  /** Where a parameter of the smaller network lies in the original one. */
  public int position(int parameter) {
    return positions[parameter];
  }

  /** One of the original's tensors from the values of its part; what was left out is zero. */
  public float[] expand(ParameterTensor tensor, float[] values) {
    float[] all = new float[tensor.size()];
    int first = part(tensor).offset();
    for (int i = 0; i < values.length; i++) {
      all[positions[first + i] - tensor.offset()] = values[i];
    }
    return all;
  }

  /** One of the original's tensors from the levels of its part; what was left out is zero. */
  public short[] expand(ParameterTensor tensor, short[] levels) {
    short[] all = new short[tensor.size()];
    int first = part(tensor).offset();
    for (int i = 0; i < levels.length; i++) {
      all[positions[first + i] - tensor.offset()] = levels[i];
    }
    return all;
  }

  /**
   * One value a row of one of the original's weight tensors, from those of its part's rows; 1 for
   * what was left out, as it may be a scale.
   */
  public float[] expandRows(ParameterTensor weight, float[] values) {
    if (part(weight).rows() == weight.rows()) {
      return values.clone();
    }
    float[] all = new float[weight.rows()];
    Arrays.fill(all, 1);
    int[] rows = kept.get(weight.layer() + 1);
    for (int i = 0; i < rows.length; i++) {
      all[rows[i]] = values[i];
    }
    return all;
  }

  /** The original's weights, from input to output. */
  List<ParameterTensor> weightTensors() {
    return weights(original);
  }

  private static List<ParameterTensor> weights(Architecture architecture) {
    return architecture.tensors().stream().filter(t -> t.isWeight()).toList();
  }
}
