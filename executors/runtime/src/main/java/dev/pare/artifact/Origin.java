package dev.pare.artifact;

import dev.pare.graph.Architecture;
import dev.pare.graph.Initialization;
import dev.pare.graph.Layer;
import dev.pare.graph.Parameter;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Subnetwork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Where a network's training began: {@link dev.pare.graph.Initialization#random} of a seed, and
 * which of that first network's layers, hidden units and heads are left. A file that holds this
 * needs fewer bits for weights, since both who writes and who reads it know where they began.
 * Immutable.
 */
public final class Origin {
  private final long seed;
  private final List<LeftUnits> hidden;
  private final List<Skip> skips;

  private Origin(long seed, List<LeftUnits> hidden, List<Skip> skips) {
    this.seed = seed;
    this.hidden = List.copyOf(hidden);
    this.skips = List.copyOf(skips);
  }

  /**
   * Numbers that were drawn for layers that have gone.
   *
   * @param tensor before whose own numbers they were drawn, as an index among all {@link
   *     Initialization#isDrawn drawn} tensors
   * @param count how many, at least one
   */
  record Skip(int tensor, int count) {}

  /** The origin of a network of which nothing has been taken. */
  public static Origin of(Architecture architecture, long seed) {
    return new Origin(seed, complete(architecture), List.of());
  }

  static Origin of(long seed, List<LeftUnits> hidden, List<Skip> skips) {
    return new Origin(seed, hidden, skips);
  }

  private static List<LeftUnits> complete(Architecture architecture) {
    List<LeftUnits> hidden = new ArrayList<>();
    for (int layer : layers(architecture)) {
      int count = units(architecture, layer);
      hidden.add(new LeftUnits(layer, count, IntStream.range(0, count).toArray()));
    }
    return hidden;
  }

  /**
   * The layers that may have lost some of their units: dense layers and convolutions whose units
   * only one other such layer reads, in a chain, and self-attention, whose units are its heads.
   */
  static List<Integer> layers(Architecture architecture) {
    return IntStream.range(0, architecture.layers().size())
        .filter(
            i ->
                isAttention(architecture.layers().get(i))
                    || isMatrix(architecture, i) && leadsToMatrix(architecture, i))
        .boxed()
        .toList();
  }

  /** Whether a layer makes its units by one matrix, a row each. */
  private static boolean isMatrix(Architecture architecture, int layer) {
    List<Parameter> weights =
        architecture.tensors(layer).stream()
            .filter(ParameterTensor::isWeight)
            .map(ParameterTensor::parameter)
            .toList();
    return weights.size() == 1
        && weights.get(0).rowAxis() == Parameter.Axis.OUTPUTS
        && weights.get(0).columnAxis() == Parameter.Axis.INPUTS;
  }

  /** Whether only the next layers read a layer's units, one by one, up to another matrix. */
  private static boolean leadsToMatrix(Architecture architecture, int layer) {
    int at = layer;
    while (architecture.leadsOn(at)) {
      at++;
      if (isMatrix(architecture, at)) {
        return true;
      }
      if (!passesUnits(architecture, at)) {
        return false;
      }
    }
    return false;
  }

  /** Whether each of a layer's units is the one that it reads, and no weight is in between. */
  static boolean passesUnits(Architecture architecture, int layer) {
    return architecture.flow(layer).isIdentity(architecture.inputShape(layer).channels())
        && architecture.tensors(layer).stream().noneMatch(ParameterTensor::isWeight);
  }

  private static boolean isAttention(Layer layer) {
    return layer instanceof SelfAttention;
  }

  /** The tensors whose first values are drawn, in the order in which they are. */
  static List<ParameterTensor> drawn(Architecture architecture) {
    return architecture.tensors().stream()
        .filter(tensor -> Initialization.isDrawn(architecture, tensor))
        .toList();
  }

  long seed() {
    return seed;
  }

  /** Of each of {@link #layers}. */
  List<LeftUnits> hidden() {
    return hidden;
  }

  /** The layers of whose units it is known which are left. */
  public List<Integer> knownLayers() {
    return hidden.stream().map(LeftUnits::layer).toList();
  }

  /** Of each tensor before which something is skipped, ascending. */
  List<Skip> skips() {
    return skips;
  }

  /**
   * The origin of a network in which only these channels remain, in their order.
   *
   * @param original the network that has this origin
   * @param kept what is left of a layer's channels, by the layer's index
   */
  public Origin select(Architecture original, IntFunction<int[]> kept) {
    List<Layer> layers = original.layers();
    return new Origin(
        seed,
        hidden.stream()
            .map(u -> isAttention(layers.get(u.layer())) ? u : u.select(kept.apply(u.layer())))
            .toList(),
        skips);
  }

  /**
   * The same units of a network that differs in its activations alone, which may be layers of their
   * own there.
   *
   * @throws IllegalArgumentException if its layers of hidden units are not as many
   */
  public Origin in(Architecture architecture) {
    List<Integer> layers = layers(architecture);
    if (layers.size() != hidden.size()) {
      throw new IllegalArgumentException(this + " is not of " + architecture);
    }
    List<LeftUnits> moved = new ArrayList<>();
    for (int i = 0; i < hidden.size(); i++) {
      moved.add(hidden.get(i).in(layers.get(i)));
    }
    return new Origin(seed, moved, skips);
  }

  /**
   * The origin of a part; none where it lacks units of layers whose units an origin does not know.
   *
   * @param whole the network that has this origin
   */
  public Optional<Origin> of(Subnetwork part, Architecture whole) {
    if (!knownLayers().containsAll(part.units().keySet())) {
      return Optional.empty();
    }
    List<LeftUnits> left = new ArrayList<>();
    for (LeftUnits units : complete(part.network().architecture())) {
      int was = part.layers().get(units.layer());
      // A layer may become one of hidden units only now, since nothing else reads it any more.
      left.add(
          hidden.stream()
              .filter(u -> u.layer() == was)
              .findFirst()
              .map(u -> part.units().containsKey(was) ? u.select(part.units().get(was)) : u)
              .map(u -> u.in(units.layer()))
              .orElse(units));
    }
    return Optional.of(new Origin(seed, left, skips(part, whole)));
  }

  private List<Skip> skips(Subnetwork part, Architecture whole) {
    List<Skip> more = new ArrayList<>();
    List<ParameterTensor> first = drawn(first(whole));
    int pending = 0;
    int next = 0;
    int[] skipped = skipped(first.size());
    for (int i = 0; i < first.size(); i++) {
      pending += skipped[i];
      if (!part.layers().contains(first.get(i).layer())) {
        pending += first.get(i).size();
        continue;
      }
      if (pending > 0) {
        more.add(new Skip(next, pending));
        pending = 0;
      }
      next++;
    }
    return more;
  }

  /** How many numbers of layers that have gone were drawn before those of each drawn tensor. */
  int[] skipped(int tensors) {
    int[] skipped = new int[tensors];
    for (Skip skip : skips) {
      skipped[skip.tensor()] += skip.count();
    }
    return skipped;
  }

  /**
   * The architecture of the first network, without the layers that have gone.
   *
   * @param architecture of the network that has this origin
   * @throws IllegalArgumentException if there is none
   */
  Architecture first(Architecture architecture) {
    Map<Integer, Layer> first = new HashMap<>();
    for (LeftUnits units : hidden) {
      if (units.first() > units.count()) {
        Layer layer = architecture.layers().get(units.layer());
        int channels = architecture.inputShape(units.layer()).channels();
        first.put(units.layer(), withUnits(layer, units.first(), channels));
      }
    }
    return architecture.with(i -> first.getOrDefault(i, architecture.layers().get(i)));
  }

  /** How many numbers it takes to draw the first network. */
  long numbers(Architecture architecture) {
    return skips.stream().mapToLong(Skip::count).sum() + first(architecture).parameters();
  }

  /**
   * The first rows of a drawn tensor that are left; none where all are, in their order.
   *
   * @param last whether it is its layer's last one: of self-attention, what reads the heads
   */
  Optional<int[]> rows(Architecture architecture, ParameterTensor tensor, boolean last) {
    Layer layer = architecture.layers().get(tensor.layer());
    boolean output = layer instanceof SelfAttention && last;
    return output ? Optional.empty() : left(tensor.layer(), tensor.rows());
  }

  /** The first columns of a drawn tensor that are left, as {@link #rows}. */
  Optional<int[]> columns(Architecture architecture, ParameterTensor tensor, boolean last) {
    if (isAttention(architecture.layers().get(tensor.layer()))) {
      return last ? left(tensor.layer(), tensor.columns()) : Optional.empty();
    }
    if (!isMatrix(architecture, tensor.layer())) {
      return Optional.empty();
    }
    int source = architecture.source(tensor.layer());
    while (source >= 0 && passesUnits(architecture, source)) {
      source = architecture.source(source);
    }
    boolean reads = source >= 0 && !isAttention(architecture.layers().get(source));
    return reads ? left(source, tensor.columns()) : Optional.empty();
  }

  /**
   * Of the first rows or columns of a layer's units those that are left, where some are not.
   *
   * @param now how many are left, the same number of each unit
   */
  private Optional<int[]> left(int layer, int now) {
    return hidden.stream()
        .filter(u -> u.layer() == layer)
        .findFirst()
        .map(u -> spread(u.left(), now / u.count()));
  }

  private static int[] spread(int[] units, int each) {
    return IntStream.range(0, units.length * each)
        .map(i -> units[i / each] * each + i % each)
        .toArray();
  }

  /**
   * Where the weights of a network of this origin began, in units of {@link
   * dev.pare.codec.InitialValues}; 0 for other parameters.
   */
  public short[] starts(Architecture architecture) {
    short[] starts = new short[architecture.parameters()];
    LevelCoders.draw(architecture, this, starts);
    return starts;
  }

  /** The standard deviation of a weight tensor's first values. */
  public double deviation(Architecture architecture, ParameterTensor tensor) {
    Architecture first = first(architecture);
    int index = architecture.tensors().indexOf(tensor);
    return Initialization.deviation(first, first.tensors().get(index));
  }

  /** Whether a network of that architecture may have this origin. */
  boolean fits(Architecture architecture) {
    List<Integer> layers = layers(architecture);
    boolean fits = layers.size() == hidden.size();
    for (int i = 0; fits && i < hidden.size(); i++) {
      LeftUnits units = hidden.get(i);
      fits = units.layer() == layers.get(i) && units.count() == units(architecture, units.layer());
    }
    int drawn = drawn(architecture).size();
    return fits && skips.stream().allMatch(skip -> skip.tensor() < drawn);
  }

  /** How many units, filters or heads one of {@link #layers} has. */
  static int units(Architecture architecture, int layer) {
    return architecture.layers().get(layer) instanceof SelfAttention attention
        ? attention.heads()
        : architecture.outputShape(layer).channels();
  }

  private static Layer withUnits(Layer layer, int units, int channels) {
    if (layer instanceof SelfAttention attention) {
      return new SelfAttention(units, attention.headWidth(channels), attention.biases());
    }
    return layer.reduced(List.of(new int[channels]), new int[units]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Origin that
        && seed == that.seed
        && hidden.equals(that.hidden)
        && skips.equals(that.skips);
  }

  @Override
  public int hashCode() {
    return Objects.hash(seed, hidden, skips);
  }

  @Override
  public String toString() {
    return "Origin[" + Long.toHexString(seed) + ", " + hidden + ", " + skips + "]";
  }
}
