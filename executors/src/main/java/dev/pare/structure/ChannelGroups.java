package dev.pare.structure;

import dev.pare.graph.Architecture;
import dev.pare.graph.ChannelFlow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The hidden units and channels of a network that can be removed, those together that can only go
 * together: dependency groups (Fang et al. 2023).
 *
 * <p>A layer either keeps channels apart, so that each output channel is a function of the input
 * channel of the same index, as pooling, batch normalization and a shortcut's sum do; or mixes them
 * by weights, of which a row makes each output channel and columns read each input channel. What
 * passes through layers of the first kind is one group, from the rows that make it to the columns
 * that read it. A channel of a shortcut's sum is in one group with those that are added.
 *
 * <p>The network's inputs and outputs are in no group, nor is what sequences, attention, layer
 * normalization, factored layers and layers that DL4J runs read or make: other channels of these
 * change when one is removed, or they read it by weights that are not a matrix of channels.
 */
public final class ChannelGroups {
  private final Architecture architecture;
  private final List<Group> groups;

  private ChannelGroups(Architecture architecture, List<Group> groups) {
    this.architecture = architecture;
    this.groups = List.copyOf(groups);
  }

  /**
   * A channel of what a layer makes.
   *
   * @param layer index of that layer
   * @param index among its units, filters or channels
   */
  public record Channel(int layer, int index) {}

  /**
   * Channels that can only go together.
   *
   * @param channels by layer, ascending; the first one's layer has weights
   */
  public record Group(List<Channel> channels) {
    public Group {
      channels = List.copyOf(channels);
    }

    /** The first layer that has a channel of it. */
    public int layer() {
      return channels.get(0).layer();
    }
  }

  /** Whether a layer makes each of its output channels by a row of weights. */
  public static boolean mixes(Architecture architecture, int layer) {
    ChannelFlow flow = architecture.flow(layer);
    return flow == ChannelFlow.MIXED || flow == ChannelFlow.MADE;
  }

  /** The groups of a network. */
  public static ChannelGroups of(Architecture architecture) {
    int count = architecture.layers().size();
    // Of the input, then of each layer, where its channels begin among all.
    int[] first = new int[count + 2];
    for (int i = -1; i < count; i++) {
      first[i + 2] = first[i + 1] + architecture.outputShape(i).channels();
    }
    // Each channel's representative: the smallest of those known to be in its group.
    int[] representative = IntStream.range(0, first[count + 1]).toArray();
    boolean[] fixed = new boolean[representative.length];
    Arrays.fill(fixed, 0, first[1], true);
    Arrays.fill(fixed, first[count], first[count + 1], true);
    for (int i = 0; i < count; i++) {
      ChannelFlow flow = architecture.flow(i);
      List<Integer> inputs = architecture.nodes().get(i).inputs();
      for (int k = 0; k < inputs.size(); k++) {
        int source = first[inputs.get(k) + 1];
        if (flow == ChannelFlow.FIXED || flow == ChannelFlow.MADE) {
          Arrays.fill(fixed, source, first[inputs.get(k) + 2], true);
        } else if (flow.isDirect()) {
          for (int c = 0; c < first[i + 2] - first[i + 1]; c++) {
            if (flow.source(k, c) >= 0) {
              join(representative, source + flow.source(k, c), first[i + 1] + c);
            }
          }
        }
      }
      if (flow == ChannelFlow.FIXED) {
        Arrays.fill(fixed, first[i + 1], first[i + 2], true);
      }
    }
    Map<Integer, List<Channel>> members = new LinkedHashMap<>();
    boolean[] stays = new boolean[representative.length];
    for (int layer = -1; layer < count; layer++) {
      for (int at = first[layer + 1]; at < first[layer + 2]; at++) {
        int group = find(representative, at);
        stays[group] |= fixed[at];
        members
            .computeIfAbsent(group, key -> new ArrayList<>())
            .add(new Channel(layer, at - first[layer + 1]));
      }
    }
    List<Group> groups = new ArrayList<>();
    members.forEach(
        (group, channels) -> {
          if (!stays[group]) {
            groups.add(new Group(channels));
          }
        });
    return new ChannelGroups(architecture, groups);
  }

  private static void join(int[] representative, int one, int other) {
    int a = find(representative, one);
    int b = find(representative, other);
    representative[Math.max(a, b)] = Math.min(a, b);
  }

  private static int find(int[] representative, int of) {
    int at = of;
    while (representative[at] != at) {
      representative[at] = representative[representative[at]];
      at = representative[at];
    }
    return at;
  }

  /** The groups that can go, by their first channels. */
  public List<Group> groups() {
    return groups;
  }

  /**
   * What is left without some groups: of the input, then of each layer's output, the indices of
   * channels, ascending. Of each at least one stays: the groups of its first channel if all were to
   * go.
   */
  public List<int[]> without(Collection<Group> gone) {
    List<boolean[]> stays = new ArrayList<>();
    for (int i = -1; i < architecture.layers().size(); i++) {
      boolean[] all = new boolean[architecture.outputShape(i).channels()];
      Arrays.fill(all, true);
      stays.add(all);
    }
    gone.forEach(group -> set(stays, group, false));
    for (Group group : groups) {
      boolean first = group.channels().stream().anyMatch(channel -> channel.index() == 0);
      if (first && group.channels().stream().anyMatch(channel -> isEmpty(stays, channel))) {
        set(stays, group, true);
      }
    }
    return stays.stream()
        .map(one -> IntStream.range(0, one.length).filter(i -> one[i]).toArray())
        .toList();
  }

  private static void set(List<boolean[]> stays, Group group, boolean value) {
    for (Channel channel : group.channels()) {
      stays.get(channel.layer() + 1)[channel.index()] = value;
    }
  }

  private static boolean isEmpty(List<boolean[]> stays, Channel of) {
    for (boolean one : stays.get(of.layer() + 1)) {
      if (one) {
        return false;
      }
    }
    return true;
  }
}
