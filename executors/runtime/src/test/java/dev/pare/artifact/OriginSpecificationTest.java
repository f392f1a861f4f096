package dev.pare.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Lstm;
import dev.pare.graph.Positions;
import dev.pare.graph.SelfAttention;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A reader of origins written from package-info alone. */
class OriginSpecificationTest {
  private long state;

  private long next() {
    state += 0x9e3779b97f4a7c15L;
    long z = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  private double uniform() {
    return (next() >>> 11) / 9007199254740992.0;
  }

  private double normal() {
    while (true) {
      double u = 2 * uniform() - 1;
      double v = 2 * uniform() - 1;
      double r = u * u + v * v;
      if (r > 0 && r < 1) {
        return u * Math.sqrt(-2 * StrictMath.log(r) / r);
      }
    }
  }

  private short[][] matrix(int rows, int columns) {
    short[][] starts = new short[rows][columns];
    for (short[] row : starts) {
      for (int column = 0; column < columns; column++) {
        row[column] = (short) Math.floor(128 * normal() + 0.5);
      }
    }
    return starts;
  }

  private static List<Short> select(short[][] all, int[] rows, int[] columns) {
    List<Short> selected = new ArrayList<>();
    for (int row : rows) {
      for (int column : columns) {
        selected.add(all[row][column]);
      }
    }
    return selected;
  }

  private static List<Short> starts(Origin origin, Architecture architecture, int tensor) {
    short[] all = origin.starts(architecture);
    List<Short> own = new ArrayList<>();
    int offset = architecture.tensors().get(tensor).offset();
    for (int i = 0; i < architecture.tensors().get(tensor).size(); i++) {
      own.add(all[offset + i]);
    }
    return own;
  }

  private static Origin read(Architecture architecture, int... content) {
    byte[] bytes = new byte[content.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) content[i];
    }
    return OriginFormat.read(
        architecture,
        new ByteSource(bytes, 0, bytes.length, MalformedArtifactException.Fault.INVALID_CONTENT));
  }

  @Test
  void unitsThatAreLeftBeganWhereTheTextSays() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 3, 3, 1),
            List.of(
                new Convolution(2, 2, 1, Activation.RELU),
                new Dense(3, Activation.TANH),
                new Dense(2, Activation.SOFTMAX)));
    // The seed; filters 0 and 2 of three; units 3, 0 and 1 of four: ranks in 2, 2 and 1 bits.
    Origin origin =
        read(
            architecture, 0x15, 0xcd, 0x5b, 7, 0, 0, 0, 0x80, 3, 1, 0b1010_0000, 4, 2, 0b1100_0000);

    state = 0x8000_0000_075b_cd15L;
    short[][] first = matrix(3, 4);
    short[][] second = matrix(4, 3 * 4);
    short[][] third = matrix(2, 4);
    int[] all = {0, 1, 2, 3};
    int[] two = {0, 1};
    assertThat(starts(origin, architecture, 0)).isEqualTo(select(first, new int[] {0, 2}, all));
    assertThat(starts(origin, architecture, 2))
        .isEqualTo(select(second, new int[] {3, 0, 1}, new int[] {0, 1, 2, 3, 8, 9, 10, 11}));
    assertThat(starts(origin, architecture, 4)).isEqualTo(select(third, two, new int[] {3, 0, 1}));
    List<Double> deviations =
        List.of(Math.sqrt(2.0 / 4), Math.sqrt(2.0 / (12 + 4)), Math.sqrt(2.0 / (4 + 2)));
    for (int i = 0; i < 3; i++) {
      assertThat(origin.deviation(architecture, architecture.tensors().get(2 * i)))
          .isEqualTo(deviations.get(i));
    }
  }

  @Test
  void headsAndWhatFollowsLayersThatHaveGoneBeganWhereTheTextSays() {
    // One channel to four, positions, and two heads of two numbers each, the first gone.
    Architecture architecture =
        new Architecture(
            new InputShape(1, 1, 2, 1),
            List.of(
                new Convolution(4, 1, 1, Activation.IDENTITY),
                new Positions(),
                new SelfAttention(1, 2),
                new Lstm(1, Lstm.Steps.LAST),
                new Dense(2, Activation.SOFTMAX)));
    // Five numbers are skipped before the outputs, which are drawn after four other tensors and
    // the positions.
    Origin origin = read(architecture, 9, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0b0100_0000, 5, 5);

    state = 9;
    matrix(4, 1);
    matrix(1, 8);
    short[][] queries = matrix(4, 4);
    short[][] keys = matrix(4, 4);
    short[][] values = matrix(4, 4);
    for (int i = 0; i < 5; i++) {
      normal();
    }
    short[][] outputs = matrix(4, 4);
    // A step reads both places of the four channels.
    short[][] gates = matrix(4, 8);
    int[] all = {0, 1, 2, 3};
    int[] last = {2, 3};
    assertThat(starts(origin, architecture, 3)).isEqualTo(select(queries, last, all));
    assertThat(starts(origin, architecture, 4)).isEqualTo(select(keys, last, all));
    assertThat(starts(origin, architecture, 5)).isEqualTo(select(values, last, all));
    assertThat(starts(origin, architecture, 6)).isEqualTo(select(outputs, all, last));
    assertThat(starts(origin, architecture, 7))
        .isEqualTo(select(gates, all, new int[] {0, 1, 2, 3, 4, 5, 6, 7}));
    // Of the heads there were, four rows of queries.
    assertThat(origin.deviation(architecture, architecture.tensors().get(3)))
        .isEqualTo(Math.sqrt(2.0 / (4 + 4)));
    assertThat(origin.deviation(architecture, architecture.tensors().get(7)))
        .isEqualTo(Math.sqrt(2.0 / (8 + 1)));
  }
}
