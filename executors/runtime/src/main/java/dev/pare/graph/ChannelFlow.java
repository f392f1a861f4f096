package dev.pare.graph;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the channels of a layer's output follow from those of its inputs. All that removes, reorders
 * or folds channels goes by this, for any layer (the dependency groups of DepGraph: Fang et al.
 * 2023).
 */
public final class ChannelFlow {
  /** Each from all of the only input, by rows of weights that have columns for each. */
  public static final ChannelFlow MIXED = grouped(1);

  /** Each looked up among weights of its own by inputs, of which none can go. */
  public static final ChannelFlow MADE = new ChannelFlow(List.of(), 0);

  /** In another way, by which none of them can be told from the others. */
  public static final ChannelFlow FIXED = new ChannelFlow(List.of(), 0);

  private final List<int[]> sources;
  private final int groups;

  private ChannelFlow(List<int[]> sources, int groups) {
    this.sources = sources;
    this.groups = groups;
  }

  /**
   * In groups, each from all of its own group by rows of weights: as many channels of the output in
   * each, and as many of the input.
   */
  public static ChannelFlow grouped(int groups) {
    Sizes.atLeastOne("groups", groups);
    return new ChannelFlow(List.of(), groups);
  }

  /**
   * Each from the one of the same index in all inputs.
   *
   * @param inputs shapes; one with fewer channels than the output lacks the further ones
   */
  public static ChannelFlow same(List<Shape> inputs, Shape output) {
    return direct(
        inputs.stream()
            .map(
                in ->
                    IntStream.range(0, output.channels())
                        .map(c -> c < in.channels() ? c : -1)
                        .toArray())
            .toList());
  }

  /** Those of the first input, then those of the next, and so on. */
  public static ChannelFlow concatenated(List<Shape> inputs) {
    int all = inputs.stream().mapToInt(Shape::channels).sum();
    int[][] sources = new int[inputs.size()][all];
    int at = 0;
    for (int i = 0; i < sources.length; i++) {
      Arrays.fill(sources[i], -1);
      for (int c = 0; c < inputs.get(i).channels(); c++) {
        sources[i][at++] = c;
      }
    }
    return direct(List.of(sources));
  }

  /** Each from one of the only input. */
  public static ChannelFlow taken(int[] channels) {
    return direct(List.of(channels.clone()));
  }

  private static ChannelFlow direct(List<int[]> sources) {
    return new ChannelFlow(sources, 0);
  }

  /** Whether each channel follows from single ones, as {@link #source} has it. */
  public boolean isDirect() {
    return !isMade() && this != FIXED;
  }

  /**
   * Whether each channel is made by weights of its own: if they are mixed, and of {@link #MADE}.
   */
  public boolean isMade() {
    return isMixed() || this == MADE;
  }

  /** Whether each channel follows from all of the only input, or from all of its group. */
  public boolean isMixed() {
    return groups > 0;
  }

  /** In how many groups channels are mixed. */
  public int groups() {
    return groups;
  }

  /** Whether the output has the channels of the only input in their order. */
  public boolean isIdentity(int channels) {
    return isDirect()
        && sources.size() == 1
        && sources.get(0).length == channels
        && IntStream.range(0, channels).allMatch(c -> sources.get(0)[c] == c);
  }

  /**
   * From which channel of an input one of the output follows.
   *
   * @return −1 for none
   */
  public int source(int input, int channel) {
    return sources.get(input)[channel];
  }
}
