package dev.pare.graph;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A network that is part of another one.
 *
 * @param layers indices of the other's layers that are left, ascending
 * @param units by the index of one of the other's layers, which of its units, filters or heads are
 *     left, ascending; of layers that are not in it all are
 */
public record Subnetwork(Network network, List<Integer> layers, Map<Integer, List<Integer>> units) {
  public Subnetwork {
    requireNonNull(network, "network is null");
    layers = List.copyOf(layers);
    units = Map.copyOf(units);
    int count = network.architecture().layers().size();
    if (layers.size() != count) {
      throw new IllegalArgumentException(layers + " left, of which the network has " + count);
    }
  }

  /** All of a network. */
  public static Subnetwork all(Network network) {
    return ofUnits(network, Map.of());
  }

  /** A network that has as many layers as the other one. */
  public static Subnetwork ofUnits(Network network, Map<Integer, List<Integer>> units) {
    int count = network.architecture().layers().size();
    return new Subnetwork(network, IntStream.range(0, count).boxed().toList(), units);
  }

  /** The same part with other parameters. */
  public Subnetwork with(Network same) {
    return new Subnetwork(same, layers, units);
  }
}
