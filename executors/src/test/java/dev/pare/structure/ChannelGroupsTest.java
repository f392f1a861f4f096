package dev.pare.structure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Embedding;
import dev.pare.graph.Gru;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.LayerNormalization;
import dev.pare.graph.Lstm;
import dev.pare.graph.Node;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.Pooling;
import dev.pare.graph.Reversal;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Step;
import dev.pare.structure.ChannelGroups.Channel;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChannelGroupsTest {
  private static final InputShape INPUT = new InputShape(1, 4, 4, 1);

  private static Layer convolution(int filters, Activation activation) {
    return new Convolution(filters, 3, 1, 1, activation);
  }

  private static List<List<Channel>> groups(Step... layers) {
    return ChannelGroups.of(new Architecture(INPUT, List.of(layers))).groups().stream()
        .map(ChannelGroups.Group::channels)
        .toList();
  }

  @Test
  void aChannelGoesThroughAllThatKeepsChannelsApart() {
    assertThat(
            groups(
                convolution(2, Activation.IDENTITY),
                new BatchNormalization(1e-5f, Activation.RELU),
                new Pooling(Pooling.Pool.MAX, 2, 2),
                new Dense(1, Activation.RELU),
                new Dense(3, Activation.SOFTMAX)))
        .containsExactly(
            List.of(new Channel(0, 0), new Channel(1, 0), new Channel(2, 0)),
            List.of(new Channel(0, 1), new Channel(1, 1), new Channel(2, 1)),
            List.of(new Channel(3, 0)));
  }

  @Test
  void whatAShortcutAddsGoesTogether() {
    // The sum's further channel is of the convolution before it alone; layer 1's are its own.
    assertThat(
            groups(
                convolution(2, Activation.RELU),
                convolution(1, Activation.RELU),
                convolution(3, Activation.IDENTITY),
                Shortcut.from(0, Activation.RELU),
                new Dense(3, Activation.SOFTMAX)))
        .containsExactly(
            List.of(new Channel(0, 0), new Channel(2, 0), new Channel(3, 0)),
            List.of(new Channel(0, 1), new Channel(2, 1), new Channel(3, 1)),
            List.of(new Channel(1, 0)),
            List.of(new Channel(2, 2), new Channel(3, 2)));
  }

  @Test
  void whatIsAddedToTheInputStays() {
    assertThat(
            groups(
                new Pooling(Pooling.Pool.MAX, 1, 1),
                convolution(2, Activation.RELU),
                convolution(1, Activation.IDENTITY),
                Shortcut.from(0, Activation.RELU),
                new Dense(3, Activation.SOFTMAX)))
        .containsExactly(List.of(new Channel(1, 0)), List.of(new Channel(1, 1)));
  }

  @Test
  void classesStayWhereverTheyAreMade() {
    List<List<List<Channel>>> expected =
        List.of(channels(0, 3), channels(0, 3), List.of(), channels(0, 2));
    for (int i = 0; i < expected.size(); i++) {
      assertThat(ChannelGroups.of(OperatorSamples.endings().get(i)).groups())
          .extracting(ChannelGroups.Group::channels)
          .isEqualTo(expected.get(i));
    }
  }

  private static List<List<Channel>> channels(int layer, int count) {
    return IntStream.range(0, count).mapToObj(i -> List.of(new Channel(layer, i))).toList();
  }

  @Test
  void whatLayerNormalizationAndAttentionReadOrMakeStays() {
    assertThat(
            groups(
                convolution(2, Activation.IDENTITY),
                new SelfAttention(1),
                Shortcut.from(0, Activation.IDENTITY),
                new LayerNormalization(1e-5f),
                convolution(1, Activation.RELU),
                convolution(2, Activation.IDENTITY),
                Shortcut.from(3, Activation.IDENTITY),
                new Dense(3, Activation.SOFTMAX)))
        .containsExactly(List.of(new Channel(4, 0)));
  }

  @Test
  void unitsOfRecurrentLayersAndNumbersOfTokensVectorsCanGo() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 4, 1, 1),
            List.of(
                new Embedding(5, 2),
                new Gru(2, Lstm.Steps.ALL),
                new Reversal(),
                new Lstm(1, Lstm.Steps.LAST),
                new Dense(3, Activation.SOFTMAX)));
    assertThat(ChannelGroups.of(architecture).groups())
        .extracting(ChannelGroups.Group::channels)
        .containsExactly(
            List.of(new Channel(0, 0)),
            List.of(new Channel(0, 1)),
            List.of(new Channel(1, 0), new Channel(2, 0)),
            List.of(new Channel(1, 1), new Channel(2, 1)),
            List.of(new Channel(3, 0)));
  }

  @Test
  void ofEachLayerOneChannelStays() {
    Architecture architecture =
        new Architecture(
            INPUT,
            List.of(
                convolution(2, Activation.RELU),
                convolution(2, Activation.RELU),
                convolution(2, Activation.IDENTITY),
                Shortcut.from(0, Activation.RELU),
                new Dense(3, Activation.SOFTMAX)));
    ChannelGroups groups = ChannelGroups.of(architecture);
    assertThat(groups.without(groups.groups()))
        .containsExactly(
            new int[] {0},
            new int[] {0},
            new int[] {0},
            new int[] {0},
            new int[] {0},
            new int[] {0, 1, 2});
    assertThat(groups.without(groups.groups().subList(0, 1)))
        .containsExactly(
            new int[] {0},
            new int[] {1},
            new int[] {0, 1},
            new int[] {1},
            new int[] {1},
            new int[] {0, 1, 2});
  }

  @Test
  void unitsThatStayAreBoundByALayer() {
    // 1 and 4 are read by layer normalization, 4 through a shortcut; 0 and 3 go, 7 is added to the
    // input.
    Architecture architecture =
        new Architecture(
            INPUT,
            List.of(
                convolution(2, Activation.RELU),
                convolution(2, Activation.IDENTITY),
                new LayerNormalization(1e-5f),
                convolution(1, Activation.RELU),
                convolution(2, Activation.IDENTITY),
                Node.of(new Shortcut(Activation.IDENTITY), 4, 2),
                new LayerNormalization(1e-5f),
                convolution(1, Activation.IDENTITY),
                Node.of(new Shortcut(Activation.IDENTITY), 7, Node.NETWORK_INPUT),
                new Dense(3, Activation.SOFTMAX)));

    assertThat(StayingUnits.of(architecture)).isEqualTo(Map.of(1, 2, 4, 2, 7, Node.NETWORK_INPUT));
  }
}
