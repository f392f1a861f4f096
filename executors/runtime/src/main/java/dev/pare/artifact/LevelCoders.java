package dev.pare.artifact;

import dev.pare.codec.CodeHead;
import dev.pare.codec.InitialValues;
import dev.pare.codec.LevelCoder;
import dev.pare.codec.LevelCoding;
import dev.pare.graph.Architecture;
import dev.pare.graph.Initialization;
import dev.pare.graph.ParameterTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The coders of a network's levels: for weights whose first values are known, one that knows them.
 * Draws these when they are asked for. Any number of threads may ask.
 */
final class LevelCoders {
  private final Architecture architecture;
  private final @Nullable Origin origin;
  // In units of Starts, of each parameter; empty until drawn.
  private short[] drawn = {};

  LevelCoders(Architecture architecture, @Nullable Origin origin) {
    this.architecture = architecture;
    this.origin = origin;
  }

  /** Those of a network. */
  static LevelCoders of(CompressedNetwork network) {
    return new LevelCoders(network.architecture(), network.origin().orElse(null));
  }

  /** Those of a network whose file will not tell where it began. */
  static LevelCoders none(CompressedNetwork network) {
    return new LevelCoders(network.architecture(), null);
  }

  /** Gives coders of one tensor's levels. */
  interface Coders {
    /** The coder of levels of which nothing is known before. */
    default LevelCoder of(LevelCoding coding) {
      return coding.coder();
    }

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
    if (known == null || !tensor.isWeight()) {
      return (coding, values) -> coding.coder();
    }
    return (coding, values) -> coding.coder(starts(known, tensor, values));
  }

  /** The same for codes that begin with that head. */
  Coders coders(ParameterTensor tensor, CodeHead head) {
    Origin known = origin;
    return new Coders() {
      @Override
      public LevelCoder of(LevelCoding coding) {
        return coding.coder(head);
      }

      @Override
      public LevelCoder of(LevelCoding coding, Values values) {
        return known == null || !tensor.isWeight()
            ? coding.coder(head)
            : coding.coder(starts(known, tensor, values), head);
      }
    };
  }

  private InitialValues starts(Origin known, ParameterTensor tensor, Values values) {
    double unit = known.deviation(architecture, tensor);
    return new InitialValues(
        tensor.rows(),
        tensor.columns(),
        Arrays.copyOfRange(starts(known), tensor.offset(), tensor.end()),
        (row, level) -> InitialValues.ofDeviations(values.of(row, level) / unit));
  }

  private synchronized short[] starts(Origin known) {
    if (drawn.length == 0) {
      drawn = known.starts(architecture);
    }
    return drawn;
  }

  /**
   * Draws all first values in their order, and keeps those of weights that are left.
   *
   * @param starts written: of each parameter
   */
  static void draw(Architecture architecture, Origin origin, short[] starts) {
    DoubleSupplier normals = Initialization.normals(origin.seed());
    List<ParameterTensor> first = Origin.drawn(origin.first(architecture));
    List<ParameterTensor> now = Origin.drawn(architecture);
    int[] skipped = origin.skipped(now.size());
    for (int i = 0; i < now.size(); i++) {
      for (int left = skipped[i]; left > 0; left--) {
        double unused = normals.getAsDouble();
      }
      ParameterTensor tensor = now.get(i);
      boolean last = i + 1 == now.size() || now.get(i + 1).layer() != tensor.layer();
      boolean isWeight = tensor.isWeight();
      int[] rows = places(first.get(i).rows(), origin.rows(architecture, tensor, last));
      int[] columns = places(first.get(i).columns(), origin.columns(architecture, tensor, last));
      for (int row : rows) {
        for (int column : columns) {
          double normal = normals.getAsDouble();
          if (isWeight && row >= 0 && column >= 0) {
            starts[tensor.offset() + row * tensor.columns() + column] =
                InitialValues.ofDeviations(normal);
          }
        }
      }
    }
  }

  /**
   * For each of the first rows or columns the one that it is now, or −1.
   *
   * @param left which of the first ones are left, in their order now
   */
  private static int[] places(int first, Optional<int[]> left) {
    int[] places = IntStream.range(0, first).toArray();
    left.ifPresent(
        were -> {
          Arrays.fill(places, -1);
          for (int i = 0; i < were.length; i++) {
            places[were[i]] = i;
          }
        });
    return places;
  }
}
