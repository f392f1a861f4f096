package dev.pare.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Some channels of its input, in any order: a split's parts, or the shuffled channels of ShuffleNet
 * (Zhang et al. 2018).
 *
 * @param channels indices of the input's channels, at least one
 */
public record ChannelSelection(List<Integer> channels) implements Layer {
  /** The most channels of all selections of a network together. */
  public static final int MOST_CHANNELS = 1 << 20;

  public ChannelSelection {
    channels = List.copyOf(channels);
    if (channels.isEmpty()) {
      throw new IllegalArgumentException("a selection of no channels");
    }
  }

  /** So many channels side by side. */
  public static ChannelSelection range(int from, int count) {
    return new ChannelSelection(IntStream.range(from, from + count).boxed().toList());
  }

  @Override
  public String title() {
    return "channel selection";
  }

  @Override
  public String summary() {
    return channels.size() + " selected channels";
  }

  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = inputs.get(0);
    for (int channel : channels) {
      if (channel < 0 || channel >= in.channels()) {
        throw new IllegalArgumentException("selects channel " + channel + " of " + in.channels());
      }
    }
    return new Shape(channels.size(), in.height(), in.width());
  }

  @Override
  public boolean picksNumbers() {
    return true;
  }

  @Override
  public ChannelFlow flow(List<Shape> inputs) {
    return ChannelFlow.taken(channels.stream().mapToInt(channel -> channel).toArray());
  }

  @Override
  public Layer reduced(List<int[]> inputs, int[] outputs) {
    int[] left = inputs.get(0);
    Map<Integer, Integer> places = new HashMap<>();
    for (int i = 0; i < left.length; i++) {
      places.put(left[i], i);
    }
    return new ChannelSelection(
        IntStream.of(outputs).mapToObj(output -> places.get(channels.get(output))).toList());
  }

  @Override
  public OptionalDouble ofConstant(double number) {
    return OptionalDouble.of(number);
  }

  @Override
  public boolean isNeverNegative(boolean inputs) {
    return inputs;
  }
}
