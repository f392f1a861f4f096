package dev.pare.structure;

import static java.util.Objects.requireNonNull;

import dev.pare.data.ConstantFeatures;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.ChannelFlow;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.Parameter.Axis;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import dev.pare.structure.ChannelGroups.Channel;
import dev.pare.structure.ChannelGroups.Group;
import dev.pare.structure.ChannelWeights.Block;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds inputs, units and channels that are constant, or without outgoing weights, in any graph,
 * and adds what constant ones contribute to the biases of the layers that read them.
 *
 * <p>A unit without incoming weights is constant, and so is one that constant ones alone lead to. A
 * channel that is constant stays so through functions, pooling and batch normalization (by its
 * running mean and variance), and adds the same to every place of a convolution's output; where
 * that pads, with zeros, only if it is zero, too. Channels that can only go together go if each
 * can. Where units compete, only those that never win are known to be constant, and none goes
 * because it has no outgoing weights. At least one channel of each layer stays.
 */
public final class DeadChannels {
  private static final double UNKNOWN = Double.NaN;

  private final Architecture architecture;
  private final float[] parameters;
  private final ChannelWeights weights;
  private final List<Group> groups;
  private final IntPredicate mayFold;
  private final boolean[][] alive;
  private final int[] left;

  /** Of the input, then of each layer, what its channels are if they are constant. */
  private final double[][] constants;

  /** Biases with what constant channels contribute, by their tensors. */
  private final Map<ParameterTensor, double[]> biases = new HashMap<>();

  private final Set<ParameterTensor> folded = new HashSet<>();

  /**
   * @param constants of the features that the network will read
   * @param mayGo which groups, of those with inputs, can be taken out
   * @param mayFold which layers' biases can take what is constant
   */
  public DeadChannels(
      Network network, ConstantFeatures constants, Predicate<Group> mayGo, IntPredicate mayFold) {
    this.architecture = network.architecture();
    if (constants.features() != architecture.input().size()) {
      throw new IllegalArgumentException(
          "examples have "
              + constants.features()
              + " features, the network reads "
              + architecture.input().size());
    }
    this.parameters = network.parameters();
    this.weights = new ChannelWeights(architecture);
    this.groups = ChannelGroups.withInputs(architecture).groups().stream().filter(mayGo).toList();
    this.mayFold = mayFold;
    int nodes = architecture.layers().size() + 1;
    this.alive = new boolean[nodes][];
    this.constants = new double[nodes][];
    this.left = new int[nodes];
    for (int i = 0; i < nodes; i++) {
      left[i] = KeptChannels.count(architecture, i - 1);
      alive[i] = new boolean[left[i]];
      Arrays.fill(alive[i], true);
    }
    for (ParameterTensor tensor : architecture.tensors()) {
      if (tensor.role() == Role.BIAS) {
        biases.put(
            tensor,
            IntStream.range(tensor.offset(), tensor.end())
                .mapToDouble(i -> parameters[i])
                .toArray());
      }
    }
    this.constants[0] = inputs(constants);
    for (int layer = 0; layer < nodes - 1; layer++) {
      this.constants[layer + 1] = made(layer);
    }
  }

  /** What is known of the network's inputs, which are single features or channels. */
  private double[] inputs(ConstantFeatures features) {
    double[] known = new double[left[0]];
    int each = features.features() / known.length;
    float scale = 1 / architecture.input().divisor();
    for (int input = 0; input < known.length; input++) {
      int from = input * each;
      boolean constant =
          IntStream.range(from, from + each)
              .allMatch(f -> features.isConstant(f) && features.value(f) == features.value(from));
      known[input] = constant ? features.value(from) * scale : UNKNOWN;
    }
    return known;
  }

  /** What is known of the channels that a layer makes, from what is known of those it reads. */
  private double[] made(int layer) {
    double[] made = new double[left[layer + 1]];
    Arrays.fill(made, UNKNOWN);
    List<ParameterTensor> own = weights.of(layer);
    if (layer == architecture.layers().size() - 1) {
      // The outputs, which stay.
      return made;
    }
    if (own.isEmpty()) {
      return made(layer, made);
    }
    if (!hasOnlyBiases(layer)) {
      return made;
    }
    ParameterTensor first = own.get(0);
    if (own.size() == 1 && isMatrix(first) && first.rows() == made.length) {
      return sums(layer, first);
    }
    if (weights.flow(layer) == ChannelFlow.MADE
        || own.stream().allMatch(tensor -> tensor.parameter().rowAxis() == Axis.GATES)) {
      return zeros(layer, made);
    }
    return made;
  }

  private static boolean isMatrix(ParameterTensor tensor) {
    Axis columns = tensor.parameter().columnAxis();
    return tensor.parameter().rowAxis() == Axis.OUTPUTS
        && (columns == Axis.INPUTS || columns == Axis.GROUP_INPUTS);
  }

  private boolean hasOnlyBiases(int layer) {
    return architecture.tensors(layer).stream()
        .allMatch(tensor -> tensor.isWeight() || tensor.role() == Role.BIAS);
  }

  /** Of a layer without weights. */
  private double[] made(int layer, double[] made) {
    ChannelFlow flow = weights.flow(layer);
    if (architecture.layers().get(layer) instanceof BatchNormalization normalization) {
      return normalized(layer, normalization);
    }
    if (!flow.isDirect() || !architecture.tensors(layer).isEmpty()) {
      return made;
    }
    List<Integer> inputs = architecture.nodes().get(layer).inputs();
    for (int c = 0; c < made.length; c++) {
      int channel = c;
      double[] numbers =
          IntStream.range(0, inputs.size())
              .filter(k -> flow.source(k, channel) >= 0)
              .mapToDouble(k -> constants[inputs.get(k) + 1][flow.source(k, channel)])
              .toArray();
      if (Arrays.stream(numbers).noneMatch(Double::isNaN)) {
        made[c] = architecture.layers().get(layer).ofConstants(numbers).orElse(UNKNOWN);
      }
    }
    return made;
  }

  private double[] normalized(int layer, BatchNormalization normalization) {
    double[] made = constants[architecture.source(layer) + 1].clone();
    Map<Role, ParameterTensor> own = new EnumMap<>(Role.class);
    architecture.tensors(layer).forEach(tensor -> own.put(tensor.role(), tensor));
    for (int c = 0; c < made.length; c++) {
      double deviation = Math.sqrt(parameter(own, Role.VARIANCE, c) + normalization.epsilon());
      double number = (made[c] - parameter(own, Role.MEAN, c)) / deviation;
      made[c] =
          normalization
              .activation()
              .of(parameter(own, Role.GAMMA, c) * number + parameter(own, Role.BETA, c));
    }
    return made;
  }

  private double parameter(Map<Role, ParameterTensor> own, Role role, int channel) {
    return parameters[requireNonNull(own.get(role)).offset() + channel];
  }

  /** Of a layer that makes each channel from others by a row of weights. */
  private double[] sums(int layer, ParameterTensor weight) {
    Layer own = architecture.layers().get(layer);
    double[] inputs = constants[architecture.source(layer) + 1];
    double[] made =
        bias(weight).map(biases::get).map(double[]::clone).orElse(new double[weight.rows()]);
    for (int input = 0; input < inputs.length; input++) {
      for (Block block : weights.multiplying(layer, input)) {
        for (int i = 0; i < block.rows(); i++) {
          int row = block.row(i);
          if (!Double.isNaN(made[row]) && !block.isZero(parameters, i)) {
            made[row] +=
                inputs[input] == 0 || own.addsConstants()
                    ? inputs[input] * block.sum(parameters, i)
                    : UNKNOWN;
          }
        }
      }
    }
    return Arrays.stream(made).map(own.activation()::of).toArray();
  }

  /** Of a layer of gates, or one that chooses among weights: units of which all are zero. */
  private double[] zeros(int layer, double[] made) {
    for (int unit = 0; unit < made.length; unit++) {
      int channel = unit;
      boolean zero =
          weights.making(layer, unit).stream()
                  .flatMapToInt(Block::indices)
                  .allMatch(i -> parameters[i] == 0)
              && architecture.tensors(layer).stream()
                  .filter(tensor -> tensor.role() == Role.BIAS)
                  .flatMapToInt(
                      tensor ->
                          IntStream.range(tensor.offset(), tensor.end())
                              .filter(i -> (i - tensor.offset()) % made.length == channel))
                  .allMatch(i -> parameters[i] == 0);
      made[unit] = zero ? 0 : UNKNOWN;
    }
    return made;
  }

  /** The bias that is added to what a weight tensor makes: the first with a number for each row. */
  private Optional<ParameterTensor> bias(ParameterTensor weight) {
    return architecture.tensors(weight.layer()).stream()
        .filter(tensor -> tensor.role() == Role.BIAS && tensor.size() == weight.rows())
        .findFirst();
  }

  /** Takes out inputs that are constant; zero weights of others may change. */
  public void removeConstantInputs() {
    groups.stream()
        .filter(group -> group.layer() == Node.NETWORK_INPUT)
        .filter(this::isFoldable)
        .forEach(this::remove);
  }

  /** Takes out whatever can be, until nothing more can. */
  public void removeAll() {
    Map<Integer, List<Group>> byLayer =
        groups.stream()
            .collect(Collectors.groupingBy(Group::layer, TreeMap::new, Collectors.toList()));
    removeConstantInputs();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (List<Group> made : byLayer.values()) {
        // Where all are dead, one of those that have incoming weights stays, whatever order.
        for (Group group : made) {
          changed |= isFoldable(group) && remove(group);
        }
        for (Group group : made) {
          changed |= canGo(group) && remove(group);
        }
      }
    }
  }

  private double constant(Channel channel) {
    return constants[channel.layer() + 1][channel.index()];
  }

  private boolean isConstant(Channel channel) {
    return !Double.isNaN(constant(channel));
  }

  private boolean isFoldable(Group group) {
    return group.channels().stream().allMatch(this::isFoldable);
  }

  /** Whether what reads a channel can do without it as it is constant. */
  private boolean isFoldable(Channel channel) {
    return isConstant(channel)
        && weights.reading(channel.layer(), channel.index()).stream()
            .allMatch(block -> canFold(block, constant(channel)));
  }

  private boolean canFold(Block block, double constant) {
    int layer = block.tensor().layer();
    return constant == 0
        || architecture.layers().get(layer).addsConstants()
            && mayFold.test(layer)
            && bias(block.tensor()).isPresent();
  }

  private boolean canGo(Group group) {
    for (Channel channel : group.channels()) {
      boolean competes =
          channel.layer() != Node.NETWORK_INPUT
              && architecture.layers().get(channel.layer()).competes();
      if (competes && !isConstant(channel)) {
        return false;
      }
      double constant = constant(channel);
      for (Block block : weights.reading(channel.layer(), channel.index())) {
        if (!isUnread(block, group) && (Double.isNaN(constant) || !canFold(block, constant))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether some weights are zero, but for those of channels that go before or together. */
  private boolean isUnread(Block block, Group group) {
    ParameterTensor tensor = block.tensor();
    for (int i = 0; i < block.rows(); i++) {
      if (!block.isZero(parameters, i)) {
        Channel made = new Channel(tensor.layer(), weights.channel(tensor, block.row(i)));
        if (alive[made.layer() + 1][made.index()] && !group.channels().contains(made)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Takes a group out, unless it is gone already or a layer's last one. */
  private boolean remove(Group group) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (Channel channel : group.channels()) {
      if (!alive[channel.layer() + 1][channel.index()]) {
        return false;
      }
      counts.merge(channel.layer() + 1, 1, Integer::sum);
    }
    if (counts.entrySet().stream().anyMatch(e -> left[e.getKey()] <= e.getValue())) {
      return false;
    }
    counts.forEach((node, count) -> left[node] -= count);
    for (Channel channel : group.channels()) {
      alive[channel.layer() + 1][channel.index()] = false;
      double constant = constant(channel);
      if (constant != 0 && isConstant(channel)) {
        for (Block block : weights.reading(channel.layer(), channel.index())) {
          if (canFold(block, constant)) {
            fold(block, constant);
          }
        }
      }
    }
    return true;
  }

  private void fold(Block block, double constant) {
    ParameterTensor bias = bias(block.tensor()).orElseThrow();
    folded.add(bias);
    double[] sums = requireNonNull(biases.get(bias));
    for (int i = 0; i < block.rows(); i++) {
      sums[block.row(i)] += constant * block.sum(parameters, i);
    }
  }

  /** What is left. */
  public KeptChannels kept() {
    List<int[]> channels = new ArrayList<>();
    for (boolean[] of : alive) {
      channels.add(IntStream.range(0, of.length).filter(c -> of[c]).toArray());
    }
    return new KeptChannels(architecture, channels);
  }

  /** The biases that have changed. */
  public Set<ParameterTensor> folded() {
    return Set.copyOf(folded);
  }

  /** The network's parameters, in its biases what constant channels contributed. */
  public float[] parameters() {
    float[] changed = parameters.clone();
    for (ParameterTensor bias : folded) {
      double[] sums = requireNonNull(biases.get(bias));
      for (int i = 0; i < sums.length; i++) {
        changed[bias.offset() + i] = (float) sums[i];
      }
    }
    return changed;
  }
}
