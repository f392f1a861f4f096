package dev.pare.rewrite;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.graph.Architecture;
import dev.pare.graph.Node;
import dev.pare.graph.Parameter.Axis;
import dev.pare.graph.ParameterTensor;
import dev.pare.structure.ChannelGroups.Channel;
import dev.pare.structure.ChannelGroups.Group;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which hidden channels of a network can go or change places as it is held: not where runs of
 * columns belong together, nor, with an origin, those of which it does not tell which are left.
 */
final class FreeChannels {
  private final Architecture architecture;
  private final Set<Integer> boundInputs = new HashSet<>();
  private final Set<Integer> boundOutputs = new HashSet<>();

  /** Layers of whose units it can be told which are left; empty if that is so of all. */
  private final Set<Integer> known = new HashSet<>();

  private final boolean hasOrigin;

  FreeChannels(CompressedNetwork network) {
    this.architecture = network.architecture();
    this.hasOrigin = network.origin().isPresent();
    network.origin().ifPresent(origin -> known.addAll(origin.knownLayers()));
    List<ParameterTensor> places = architecture.tensors();
    for (int i = 0; i < places.size(); i++) {
      Axis axis = places.get(i).parameter().columnAxis();
      boolean inputs = axis == Axis.INPUTS || axis == Axis.GROUP_INPUTS;
      boolean outputs = axis == Axis.OUTPUTS || axis == Axis.GATES;
      if (!network.tensors().get(i).hasFreeColumns() && (inputs || outputs)) {
        (inputs ? boundInputs : boundOutputs).add(places.get(i).layer());
      }
    }
  }

  boolean isFree(Group group) {
    return group.channels().stream().allMatch(this::isFree);
  }

  private boolean isFree(Channel channel) {
    int layer = channel.layer();
    return layer != Node.NETWORK_INPUT
        && !boundOutputs.contains(layer)
        && architecture.readers(layer).stream().noneMatch(boundInputs::contains)
        && (!hasOrigin || !architecture.flow(layer).isMade() || known.contains(layer));
  }
}
