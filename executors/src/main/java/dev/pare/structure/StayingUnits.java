package dev.pare.structure;

import dev.pare.graph.Architecture;
import dev.pare.graph.ChannelFlow;
import dev.pare.graph.Node;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which layers of hidden units cannot lose any, and what they are bound by. */
public final class StayingUnits {
  private StayingUnits() {}

  /**
   * Of each layer that makes units by weights and of which none is in one of {@link ChannelGroups},
   * the node that reads or makes its channels in a way by which one of them changes others; {@link
   * Node#NETWORK_INPUT} where they are added to the network's input. Not of those whose units are
   * the network's outputs.
   */
  public static Map<Integer, Integer> of(Architecture architecture) {
    Set<Integer> free =
        ChannelGroups.of(architecture).groups().stream()
            .flatMap(group -> group.channels().stream())
            .map(ChannelGroups.Channel::layer)
            .collect(Collectors.toSet());
    Map<Integer, Integer> bound = new TreeMap<>();
    for (int layer = 0; layer < architecture.layers().size(); layer++) {
      if (architecture.flow(layer).isMade() && !free.contains(layer)) {
        int units = layer;
        boundBy(architecture, layer).ifPresent(node -> bound.put(units, node));
      }
    }
    return bound;
  }

  /** Goes through all layers that keep a layer's channels apart. */
  private static Optional<Integer> boundBy(Architecture architecture, int layer) {
    Deque<Integer> open = new ArrayDeque<>();
    Set<Integer> seen = new HashSet<>();
    open.add(layer);
    while (!open.isEmpty()) {
      int node = open.remove();
      if (!seen.add(node)) {
        continue;
      }
      if (node == Node.NETWORK_INPUT || isFixed(architecture, node)) {
        return Optional.of(node);
      }
      if (architecture.flow(node).isDirect()) {
        open.addAll(architecture.nodes().get(node).inputs());
      }
      for (int reader : architecture.readers(node)) {
        if (!architecture.flow(reader).isMade()) {
          open.add(reader);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isFixed(Architecture architecture, int layer) {
    ChannelFlow flow = architecture.flow(layer);
    return !flow.isDirect() && !flow.isMade();
  }
}
