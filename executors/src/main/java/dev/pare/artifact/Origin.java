package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import dev.pare.model.Architecture;
import dev.pare.model.Initialization;
import dev.pare.model.Layer;
import dev.pare.model.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where a network's training began: {@link dev.pare.model.Initialization#random} of a seed, and
 * which of the hidden units of that first network are left. A file that holds this needs fewer bits
 * for weights, since both who writes and who reads it know where they began. Immutable.
 */
public final class Origin {
  private final long seed;
  private final List<Units> hidden;

  private Origin(long seed, List<Units> hidden) {
    this.seed = seed;
    this.hidden = List.copyOf(hidden);
  }

  /**
   * Whether networks of that architecture may have an origin: those in which every layer reads all
   * of the one before and nothing else, so that it is plain whose weights go with a unit.
   */
  public static boolean isPossible(Architecture architecture) {
    return architecture.layers().stream()
        .allMatch(
            layer ->
                switch (layer.kind()) {
                  case DENSE, POOLING, BATCH_NORMALIZATION, SPARSE_ACTIVATION -> true;
                  case CONVOLUTION -> !((Layer.Convolution) layer).isPadded();
                  case SHORTCUT,
                          LSTM,
                          POSITIONS,
                          LAYER_NORMALIZATION,
                          SELF_ATTENTION,
                          FACTORED,
                          STOCK ->
                      false;
                });
  }

  /** The origin of a network of which nothing has been taken. */
  public static Origin of(Architecture architecture, long seed) {
    List<Units> hidden = new ArrayList<>();
    for (int layer : HiddenUnits.layers(architecture)) {
      int count = units(architecture.layers().get(layer));
      hidden.add(new Units(layer, count, IntStream.range(0, count).toArray()));
    }
    return new Origin(seed, hidden);
  }

  static Origin of(long seed, List<Units> hidden) {
    return new Origin(seed, hidden);
  }

  long seed() {
    return seed;
  }

  /** Of each layer of hidden units, from the input on. */
  List<Units> hidden() {
    return hidden;
  }

  /** The origin of a network in which only these of a layer's units remain, in this order. */
  Origin select(int layer, int[] units) {
    return new Origin(
        seed, hidden.stream().map(u -> u.layer() == layer ? u.select(units) : u).toList());
  }

  /**
   * The same units of a network that differs in its activations alone, which may be layers of their
   * own there.
   *
   * @throws IllegalArgumentException if its layers of hidden units are not as many
   */
  public Origin in(Architecture architecture) {
    List<Integer> layers = HiddenUnits.layers(architecture);
    if (layers.size() != hidden.size()) {
      throw new IllegalArgumentException(this + " is not of " + architecture);
    }
    List<Units> moved = new ArrayList<>();
    for (int i = 0; i < hidden.size(); i++) {
      moved.add(new Units(layers.get(i), hidden.get(i).first(), hidden.get(i).left()));
    }
    return new Origin(seed, moved);
  }

  /**
   * The architecture of the first network.
   *
   * @param architecture of the network that has this origin
   * @throws IllegalArgumentException if there is none
   */
  Architecture first(Architecture architecture) {
    List<Layer> layers = new ArrayList<>(architecture.layers());
    for (Units units : hidden) {
      layers.set(units.layer(), withUnits(layers.get(units.layer()), units.first()));
    }
    return new Architecture(architecture.input(), layers);
  }

  /**
   * The first network.
   *
   * @param architecture of the network that has this origin
   */
  public Network network(Architecture architecture) {
    return Initialization.random(first(architecture), seed);
  }

  /** Whether a network of that architecture may have this origin. */
  boolean fits(Architecture architecture) {
    List<Integer> layers = HiddenUnits.layers(architecture);
    boolean fits = isPossible(architecture) && layers.size() == hidden.size();
    for (int i = 0; fits && i < hidden.size(); i++) {
      Units units = hidden.get(i);
      fits =
          units.layer() == layers.get(i)
              && units.count() == units(architecture.layers().get(units.layer()));
    }
    return fits;
  }

  /** How many units a layer that has any has. */
  static int units(Layer layer) {
    return layer instanceof Layer.Convolution c ? c.filters() : ((Layer.Dense) layer).units();
  }

  private static Layer withUnits(Layer layer, int units) {
    return layer instanceof Layer.Convolution c
        ? c.withFilters(units)
        : new Layer.Dense(units, ((Layer.Dense) layer).activation());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Origin that && seed == that.seed && hidden.equals(that.hidden);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(seed) + hidden.hashCode();
  }

  @Override
  public String toString() {
    return "Origin[" + Long.toHexString(seed) + ", " + hidden + "]";
  }

  /** What is left of a layer's units. */
  static final class Units {
    private final int layer;
    private final int first;
    private final int[] left;

    /**
     * @param first how many there were
     * @param left which of them are left, in their order now; kept: the caller gives it away
     */
    Units(int layer, int first, int[] left) {
      this.layer = layer;
      this.first = first;
      this.left = requireNonNull(left, "left is null");
    }

    int layer() {
      return layer;
    }

    /** How many there were. */
    int first() {
      return first;
    }

    /** How many are left. */
    int count() {
      return left.length;
    }

    /** Which they are, not a copy. */
    int[] left() {
      return left;
    }

    private Units select(int[] units) {
      return new Units(layer, first, IntStream.of(units).map(unit -> left[unit]).toArray());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Units that
          && layer == that.layer
          && first == that.first
          && Arrays.equals(left, that.left);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * layer + first) + Arrays.hashCode(left);
    }

    @Override
    public String toString() {
      return left.length + " of " + first + " units of layer " + layer;
    }
  }
}
