package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What is left of the units of a layer of an {@link Origin}'s network. Immutable. */
final class LeftUnits {
  private final int layer;
  private final int first;
  private final int[] left;

  /**
   * @param first how many there were
   * @param left which of them are left, in their order now; kept: the caller gives it away
   */
  LeftUnits(int layer, int first, int[] left) {
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

  /** The same of another layer. */
  LeftUnits in(int other) {
    return new LeftUnits(other, first, left);
  }

  LeftUnits select(List<Integer> units) {
    return select(units.stream().mapToInt(unit -> unit).toArray());
  }

  LeftUnits select(int[] units) {
    return new LeftUnits(layer, first, IntStream.of(units).map(unit -> left[unit]).toArray());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LeftUnits that
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
