package dev.pare.graph;

import dev.pare.graph.Parameter.Axis;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the filters of a convolution, or of its transpose, are divided: each group reads as many
 * channels of its own.
 *
 * @param filters how many there are, as many in each group
 * @param groups how many there are
 */
record FilterGroups(int filters, int groups) {
  FilterGroups {
    Sizes.atLeastOne("filters", filters);
    Sizes.atLeastOne("groups", groups);
    if (filters % groups != 0) {
      throw new IllegalArgumentException(
          "filters = " + filters + ": must be a multiple of the " + groups + " groups");
    }
  }

  void check(int channels) {
    if (channels % groups != 0) {
      throw new IllegalArgumentException(channels + " channels for " + groups + " groups");
    }
  }

  /**
   * Weights and biases.
   *
   * @param area places of a filter
   */
  List<Parameter> parameters(int channels, int area) {
    long taps = Math.multiplyExact((long) channels / groups, area);
    Axis columns = groups == 1 ? Axis.INPUTS : Axis.GROUP_INPUTS;
    return List.of(
        Parameter.weight("W", filters, Axis.OUTPUTS, taps, columns), Parameter.bias(filters));
  }

  ChannelFlow flow(int channels) {
    return groups > 1 && groups == channels
        ? ChannelFlow.taken(IntStream.range(0, filters).map(f -> f / (filters / groups)).toArray())
        : ChannelFlow.grouped(groups);
  }

  /** How many groups there are when only some channels are left. */
  int left(int channels) {
    // A group of one channel goes with it; of wider ones some channels stay.
    return groups == 1 ? 1 : Math.min(groups, channels);
  }
}
