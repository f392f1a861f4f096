package dev.pare.sparsify;

import dev.pare.data.ConstantFeatures;
import dev.pare.data.Examples;
import dev.pare.data.SelectedFeatures;
import dev.pare.graph.Architecture;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.SparseActivation;
import dev.pare.graph.Subnetwork;
import dev.pare.structure.ChannelGroups;
import dev.pare.structure.DeadChannels;
import dev.pare.structure.KeptChannels;
import dev.pare.train.InputSpace;
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
 * <p>Inputs that are constant over the training data, units and channels that are constant and
 * those without outgoing weights are left out as {@link DeadChannels} has it; what a constant one
 * contributed goes into the biases of the layers that read it. The outputs are the same up to the
 * rounding of sums, for all inputs whose constant features have their constant values.
 *
 * <p>Training the smaller network and expanding it is training the other one with zero weights held
 * at zero, except that what is constant is learned by the biases alone.
 */
public final class ReducedNetwork {
  private final Architecture original;
  private final Network network;

  private final KeptChannels kept;

  /** For each parameter of the smaller network, its index in the original one. */
  private final int[] positions;

  private ReducedNetwork(KeptChannels kept, float[] parameters, Architecture reduced) {
    this.original = kept.original();
    this.kept = kept;
    this.positions = positions(kept);
    this.network = new Network(reduced, select(parameters));
  }

  private ReducedNetwork(DeadChannels dead) {
    this(dead.kept(), dead.parameters());
  }

  private ReducedNetwork(KeptChannels kept, float[] parameters) {
    this(kept, parameters, kept.architecture());
  }

  /**
   * Leaves out everything that can be, given that weights that are zero stay zero.
   *
   * @param constants of the examples that the network will see
   */
  public static ReducedNetwork of(Network network, ConstantFeatures constants) {
    DeadChannels dead = dead(network, constants);
    dead.removeAll();
    return new ReducedNetwork(dead);
  }

  /** Leaves out constant inputs only: zero weights may become others. */
  public static ReducedNetwork ofInputs(Network network, ConstantFeatures constants) {
    DeadChannels dead = dead(network, constants);
    dead.removeConstantInputs();
    return new ReducedNetwork(dead);
  }

  private static DeadChannels dead(Network network, ConstantFeatures constants) {
    return new DeadChannels(network, constants, group -> true, layer -> true);
  }

  /** Leaves out nothing. */
  public static ReducedNetwork none(Network network) {
    return new ReducedNetwork(KeptChannels.all(network.architecture()), network.parameters());
  }

  /**
   * Leaves out hidden units and channels, whatever their outputs. Of top-k activations the same
   * share of those that are left stays.
   *
   * @param gone some of the network's groups
   */
  static ReducedNetwork without(Network network, Collection<ChannelGroups.Group> gone) {
    Architecture original = network.architecture();
    KeptChannels kept = new KeptChannels(original, ChannelGroups.of(original).without(gone));
    return new ReducedNetwork(
        kept, network.parameters(), withSmallerK(original, kept.architecture()));
  }

  /**
   * The same graph with a share of the hidden units and channels, the same of each layer, rounded
   * to a number and at least one. Those of which {@link ChannelGroups} has none stay.
   *
   * @param width the share, above 0 to 1
   */
  public static Architecture narrowed(Architecture original, double width) {
    ChannelGroups groups = ChannelGroups.of(original);
    List<ChannelGroups.Group> gone = new ArrayList<>();
    for (List<ChannelGroups.Group> alike : groups.alike()) {
      int left = (int) Math.max(1, Math.round(width * alike.size()));
      gone.addAll(alike.subList(left, alike.size()));
    }
    KeptChannels kept = new KeptChannels(original, groups.without(gone));
    return withSmallerK(original, kept.architecture());
  }

  private static Architecture withSmallerK(Architecture original, Architecture reduced) {
    return reduced.with(
        i -> {
          Layer layer = reduced.layers().get(i);
          if (!(layer instanceof SparseActivation sparse)
              || sparse.rule() != SparseActivation.Rule.TOP_K) {
            return layer;
          }
          double share = (double) reduced.inputShape(i).size() / original.inputShape(i).size();
          long k = Math.round(share * sparse.k());
          return SparseActivation.topK((int) Math.max(1, k));
        });
  }

  private static int[] positions(KeptChannels kept) {
    int[] positions = new int[kept.architecture().parameters()];
    int at = 0;
    for (ParameterTensor tensor : kept.original().tensors()) {
      int[] columns = kept.columns(tensor);
      for (int row : kept.rows(tensor)) {
        for (int column : columns) {
          positions[at++] = tensor.offset() + row * tensor.columns() + column;
        }
      }
    }
    return positions;
  }

  /** The smaller network. */
  public Network network() {
    return network;
  }

  /** The smaller network as what is left of the other's units. */
  Subnetwork part() {
    Map<Integer, List<Integer>> units = new TreeMap<>();
    for (int i = 0; i < original.layers().size(); i++) {
      if (original.flow(i).isMade() && kept.removed(i) > 0) {
        units.put(i, IntStream.of(kept.of(i)).boxed().toList());
      }
    }
    return Subnetwork.ofUnits(network, units);
  }

  /** The architecture of the network it was made from. */
  public Architecture original() {
    return original;
  }

  /** How many inputs are left out: features before dense layers, else channels. */
  public int removedInputs() {
    return kept.removed(Node.NETWORK_INPUT);
  }

  /** Examples for the original network, as the smaller one reads them. */
  public Examples examples(Examples examples) {
    return removedInputs() == 0 ? examples : new SelectedFeatures(examples, features());
  }

  /** What the original network's inputs look like, for those that the smaller one reads. */
  public InputSpace space(InputSpace space) {
    return removedInputs() == 0 ? space : space.select(features());
  }

  /** Those of the original network's inputs that the smaller one reads. */
  private int[] features() {
    int[] inputs = kept.of(Node.NETWORK_INPUT);
    int each = original.input().size() / (inputs.length + removedInputs());
    int[] features = new int[inputs.length * each];
    for (int i = 0; i < features.length; i++) {
      features[i] = inputs[i / each] * each + i % each;
    }
    return features;
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
    int[] rows = kept.rows(weight);
    for (int i = 0; i < rows.length; i++) {
      all[rows[i]] = values[i];
    }
    return all;
  }

  /** The original's weights, from input to output. */
  List<ParameterTensor> weightTensors() {
    return original.weights();
  }
}
