package dev.pare.structure;

import dev.pare.model.Architecture;
import dev.pare.model.Layer;
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

  /** How a layer's output channels follow from those that it reads. */
  private enum Flow {
    /** Each from the one of the same index. */
    SAME,
    /** Each from all, by a row of a matrix that has columns for each. */
    MIXED,
    /** In another way. */
    OTHER
  }

  private static Flow flow(Layer layer) {
    return switch (layer.kind()) {
      case POOLING, BATCH_NORMALIZATION, SPARSE_ACTIVATION, SHORTCUT -> Flow.SAME;
      case DENSE, CONVOLUTION -> Flow.MIXED;
      case LSTM, POSITIONS, LAYER_NORMALIZATION, SELF_ATTENTION, FACTORED, STOCK -> Flow.OTHER;
    };
  }

  /** Whether a layer makes each of its output channels by a row of weights. */
  public static boolean mixes(Layer layer) {
    return flow(layer) == Flow.MIXED;
  }

  /** The groups of a network. */
  public static ChannelGroups of(Architecture architecture) {
    List<Architecture.Shape> shapes = architecture.shapes();
    List<Layer> layers = architecture.layers();
    int[] first = new int[shapes.size() + 1];
    for (int i = 0; i < shapes.size(); i++) {
      first[i + 1] = first[i] + shapes.get(i).channels();
    }
    // Each channel's representative: the smallest of those known to be in its group.
    int[] representative = IntStream.range(0, first[shapes.size()]).toArray();
    boolean[] fixed = new boolean[representative.length];
    Arrays.fill(fixed, 0, first[1], true);
    Arrays.fill(fixed, first[shapes.size() - 1], first[shapes.size()], true);
    for (int i = 0; i < layers.size(); i++) {
      switch (flow(layers.get(i))) {
        case SAME -> join(representative, first[i], first[i + 1], shapes.get(i).channels());
        case OTHER -> Arrays.fill(fixed, first[i], first[i + 2], true);
        case MIXED -> {
          // What it makes is of its own.
        }
      }
      if (layers.get(i) instanceof Layer.Shortcut shortcut) {
        int source = shortcut.from() + 1;
        join(representative, first[source], first[i + 1], shapes.get(source).channels());
      }
    }
    Map<Integer, List<Channel>> members = new LinkedHashMap<>();
    boolean[] stays = new boolean[representative.length];
    for (int layer = -1; layer < layers.size(); layer++) {
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

  private static void join(int[] representative, int one, int other, int count) {
    for (int i = 0; i < count; i++) {
      int a = find(representative, one + i);
      int b = find(representative, other + i);
      representative[Math.max(a, b)] = Math.min(a, b);
    }
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
    for (Architecture.Shape shape : architecture.shapes()) {
      boolean[] all = new boolean[shape.channels()];
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
