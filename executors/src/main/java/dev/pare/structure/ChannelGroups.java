package dev.pare.structure;

import dev.pare.graph.Architecture;
import dev.pare.graph.ChannelFlow;
import dev.pare.graph.Node;
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
 * by weights, of which rows make each output channel and columns read each input channel. What
 * passes through layers of the first kind is one group, from the rows that make it to the columns
 * that read it. A channel of a shortcut's sum is in one group with those that are added. Where a
 * convolution mixes in several groups, the channels of the same place in each of them are in one
 * group, before it and behind.
 *
 * <p>The network's outputs are in no group, nor is what attention, softmax, normalization of layers
 * and groups, rearrangements across channels, factored layers and layers that DL4J runs read or
 * make, nor tokens: other channels of these change when one is removed, or they are read by weights
 * that are not a matrix of channels.
 */
public final class ChannelGroups {
  private final Architecture architecture;
  private final List<Group> groups;

  private ChannelGroups(Architecture architecture, List<Group> groups) {
    this.architecture = architecture;
    this.groups = List.copyOf(groups);
  }

  /**
   * A channel of what a layer makes, or of the network's input.
   *
   * @param layer index of that layer, {@link Node#NETWORK_INPUT} of the input
   * @param index among its units, filters or channels
   */
  public record Channel(int layer, int index) {}

  /**
   * Channels that can only go together.
   *
   * @param channels by layer, ascending; the first one's layer has weights, or is the input
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

  /** The groups of a network, without its inputs. */
  public static ChannelGroups of(Architecture architecture) {
    return new Joined(architecture).groups(Node.NETWORK_INPUT);
  }

  /** The groups of a network and its inputs, which are features before dense layers. */
  public static ChannelGroups withInputs(Architecture architecture) {
    return new Joined(architecture).groups();
  }

  /** A network's channels, from its input on, those joined that can only go together. */
  private static final class Joined {
    private final Architecture architecture;
    private final int layers;

    /** Of the input, then of each layer, where its channels begin among all. */
    private final int[] first;

    /** Of each channel the smallest of those known to be in its group. */
    private final int[] representative;

    private final boolean[] fixed;

    Joined(Architecture architecture) {
      this.architecture = architecture;
      this.layers = architecture.layers().size();
      this.first = new int[layers + 2];
      for (int node = Node.NETWORK_INPUT; node < layers; node++) {
        first[node + 2] = first[node + 1] + KeptChannels.count(architecture, node);
      }
      this.representative = IntStream.range(0, first[layers + 1]).toArray();
      this.fixed = new boolean[representative.length];
      fix(layers - 1);
      for (int layer = 0; layer < layers; layer++) {
        join(layer, architecture.flow(layer));
      }
    }

    private int first(int node) {
      return first[node + 1];
    }

    private int end(int node) {
      return first[node + 2];
    }

    private void fix(int node) {
      Arrays.fill(fixed, first(node), end(node), true);
    }

    private void join(int layer, ChannelFlow flow) {
      List<Integer> inputs = architecture.nodes().get(layer).inputs();
      if (flow.isMixed()) {
        joinPlaces(inputs.get(0), flow.groups());
        joinPlaces(layer, flow.groups());
        return;
      }
      if (!flow.isDirect()) {
        inputs.forEach(this::fix);
        if (!flow.isMade()) {
          fix(layer);
        }
        return;
      }
      for (int k = 0; k < inputs.size(); k++) {
        for (int c = 0; c < end(layer) - first(layer); c++) {
          if (flow.source(k, c) >= 0) {
            join(first(inputs.get(k)) + flow.source(k, c), first(layer) + c);
          }
        }
      }
    }

    /** The same places of all of a node's groups of channels side by side. */
    private void joinPlaces(int node, int groups) {
      int wide = (end(node) - first(node)) / groups;
      for (int c = wide; c < groups * wide; c++) {
        join(first(node) + c % wide, first(node) + c);
      }
    }

    private void join(int one, int other) {
      int a = find(one);
      int b = find(other);
      representative[Math.max(a, b)] = Math.min(a, b);
    }

    private int find(int of) {
      int at = of;
      while (representative[at] != at) {
        representative[at] = representative[representative[at]];
        at = representative[at];
      }
      return at;
    }

    /** The groups of which no channel is of these nodes. */
    ChannelGroups groups(int... without) {
      IntStream.of(without).forEach(this::fix);
      Map<Integer, List<Channel>> members = new LinkedHashMap<>();
      boolean[] stays = new boolean[representative.length];
      for (int node = Node.NETWORK_INPUT; node < layers; node++) {
        for (int at = first(node); at < end(node); at++) {
          int group = find(at);
          stays[group] |= fixed[at];
          members
              .computeIfAbsent(group, key -> new ArrayList<>())
              .add(new Channel(node, at - first(node)));
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
  }

  /** The groups that can go, by their first channels. */
  public List<Group> groups() {
    return groups;
  }

  /** Groups that can change places: those that have as many channels of the same layers. */
  public List<List<Group>> alike() {
    Map<List<Integer>, List<Group>> alike = new LinkedHashMap<>();
    for (Group group : groups) {
      List<Integer> layers = group.channels().stream().map(Channel::layer).toList();
      alike.computeIfAbsent(layers, key -> new ArrayList<>()).add(group);
    }
    return List.copyOf(alike.values());
  }

  /**
   * All channels, those of some groups in another order.
   *
   * @param groups of those that are {@link #alike}
   * @param order for each of their places, which of them stands there then
   * @throws IllegalArgumentException if the network does not allow it
   */
  public KeptChannels ordered(List<Group> groups, int[] order) {
    List<int[]> all = new ArrayList<>(without(List.of()));
    for (int i = 0; i < order.length; i++) {
      List<Channel> from = groups.get(order[i]).channels();
      List<Channel> to = groups.get(i).channels();
      for (int c = 0; c < to.size(); c++) {
        all.get(to.get(c).layer() + 1)[to.get(c).index()] = from.get(c).index();
      }
    }
    return new KeptChannels(architecture, all);
  }

  /**
   * What is left without some groups: of the input, then of each layer's output, the indices of
   * channels, ascending. Of each at least one stays: the groups of its first channel if all were to
   * go.
   */
  public List<int[]> without(Collection<Group> gone) {
    List<boolean[]> stays = new ArrayList<>();
    for (int i = -1; i < architecture.layers().size(); i++) {
      boolean[] all = new boolean[KeptChannels.count(architecture, i)];
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
