package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import dev.pare.codec.LevelCoder;
import dev.pare.codec.LevelCoding;
import dev.pare.codec.Starts;
import dev.pare.model.Architecture;
import dev.pare.model.Initialization;
import dev.pare.model.ParameterTensor;
import dev.pare.model.ParameterTensor.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The coders of a network's levels: for weights whose first values are known, one that knows them.
 * Draws these when they are asked for. Any number of threads may ask.
 */
final class FirstWeights {
  private final Architecture architecture;
  private final @Nullable Origin origin;
  // In units of Starts, one array a weight; empty until drawn.
  private List<short[]> drawn = List.of();

  FirstWeights(Architecture architecture, @Nullable Origin origin) {
    this.architecture = architecture;
    this.origin = origin;
  }

  /** Those of a network. */
  static FirstWeights of(CompressedNetwork network) {
    return new FirstWeights(network.architecture(), network.origin().orElse(null));
  }

  /** Those of a network whose file will not tell where it began. */
  static FirstWeights none(CompressedNetwork network) {
    return new FirstWeights(network.architecture(), null);
  }

  /** Gives coders of one tensor's levels. */
  interface Coders {
    /** The coder of levels that stand for these values, {@code values.of(row, level)}. */
    LevelCoder of(LevelCoding coding, Values values);
  }

  /** What levels stand for. */
  interface Values {
    double of(int row, int level);
  }

  /** The coders for a tensor of the architecture. */
  Coders coders(ParameterTensor tensor) {
    Origin known = origin;
    if (known == null || tensor.role() != Role.WEIGHT) {
      return (coding, values) -> coding.coder();
    }
    return (coding, values) -> {
      int index = weights(architecture).indexOf(tensor);
      Architecture first = known.first(architecture);
      double unit = Initialization.deviation(first, weights(first).get(index));
      return coding.coder(
          new Starts(
              tensor.rows(),
              tensor.columns(),
              starts(index),
              (row, level) -> Starts.ofDeviations(values.of(row, level) / unit)));
    };
  }

  private synchronized short[] starts(int index) {
    if (drawn.isEmpty()) {
      drawn = draw(architecture, requireNonNull(origin, "origin"));
    }
    return drawn.get(index);
  }

  /** Draws all first weights in their order, and keeps those that are left. */
  private static List<short[]> draw(Architecture architecture, Origin origin) {
    List<short[]> all = new ArrayList<>();
    DoubleSupplier normals = Initialization.normals(origin.seed());
    List<ParameterTensor> first = weights(origin.first(architecture));
    List<ParameterTensor> now = weights(architecture);
    int[] before = null;
    for (int i = 0; i < now.size(); i++) {
      int firstRows = first.get(i).rows();
      int firstColumns = first.get(i).columns();
      int[] rows = IntStream.range(0, firstRows).toArray();
      int[] left = null;
      for (Origin.Units units : origin.hidden()) {
        if (units.layer() == now.get(i).layer()) {
          left = units.left();
          rows = left;
        }
      }
      int columns = now.get(i).columns();
      int[] place = new int[firstColumns];
      Arrays.fill(place, -1);
      int fanOut = before == null ? 1 : columns / before.length;
      for (int column = 0; column < columns; column++) {
        int was = before == null ? column : before[column / fanOut] * fanOut + column % fanOut;
        place[was] = column;
      }
      int[] rowNow = new int[firstRows];
      Arrays.fill(rowNow, -1);
      for (int row = 0; row < rows.length; row++) {
        rowNow[rows[row]] = row;
      }
      short[] starts = new short[rows.length * columns];
      for (int row = 0; row < firstRows; row++) {
        for (int column = 0; column < firstColumns; column++) {
          double normal = normals.getAsDouble();
          if (rowNow[row] >= 0 && place[column] >= 0) {
            starts[rowNow[row] * columns + place[column]] = Starts.ofDeviations(normal);
          }
        }
      }
      all.add(starts);
      before = left;
    }
    return all;
  }

  private static List<ParameterTensor> weights(Architecture architecture) {
    return architecture.tensors().stream().filter(t -> t.role() == Role.WEIGHT).toList();
  }
}
