package dev.pare.csource;

import dev.pare.codec.LevelMatrix;
import dev.pare.graph.Convolution;
import dev.pare.graph.Pooling;
import dev.pare.graph.Quantization;
import dev.pare.graph.Shape;
import dev.pare.graph.Shortcut;
import dev.pare.kernel.IntegerLayer;
import dev.pare.kernel.Requantization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What is computed in integers, to the bit what {@code ForwardPass} makes: layers that read levels
 * of quantizations, and these.
 */
final class IntegerLayers {
  private static final int INTEGERS_BYTES = 32;
  private static final int ADDRESS_BYTES = 4;
  private static final int SUM_BYTES = 36;
  private static final String NONE = "0";

  private IntegerLayers() {}

  /** Rounds numbers, or what levels of another quantization stand for. */
  static void quantization(Quantization layer, Place place) {
    Program program = place.program();
    String x = place.inputAsMade(0);
    float divisor = program.architecture().input().divisor();
    Optional<Quantization> levels = place.inputLevels(0);
    String number = x + "[i]";
    if (levels.isPresent()) {
      String steps = number + " - " + levels.get().zeroPoint();
      number = program.call("scaled", steps, levels.get().scale());
    } else if (x.equals(program.input())
        && program.division() == Input.Division.OF_EACH
        && divisor != 1) {
      number += " / " + Program.literal(divisor);
    }
    String y = place.levelsInPlace();
    program.open("for (int32_t i = 0; i < %d; i++)".formatted(place.shape().size()));
    String call = program.call("quantize", number, layer.scale(), layer.zeroPoint());
    program.statement(y + "[i] = " + call + ";");
    program.close();
  }

  /** Sums of products, row by row, or, where the code of the weights goes by columns, all. */
  static void layer(IntegerLayer layer, Place place) {
    Program program = place.program();
    LevelMatrix levels = layer.levels();
    // Ones take less as they are than what decodes them.
    boolean isAverage = program.architecture().layers().get(place.index()) instanceof Pooling;
    MatrixTable table = new MatrixTable(program, isAverage ? CForm.PACKED : program.form());
    MatrixTable.Whole weights = table.addWhole(place.named("W"), levels);
    int places = place.shape().size() / levels.rows();
    int held = weights.isByColumns() ? levels.rows() : 1;
    String x = place.inputAsMade(0);
    String sums = place.scratch("sums", Element.SUM, (long) held * places);
    String y = isInPlace(layer, place) ? place.levelsInPlace() : place.output();
    boolean makesLevels = layer.output().isPresent();
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                integers(layer, place, weights.address(), held, places),
                x,
                sums,
                makesLevels ? y : NONE,
                makesLevels ? NONE : y));
    if (layer.layer() instanceof Convolution convolution) {
      int groups = convolution.groups();
      arguments.add(
          SummingLayers.windows(
              place,
              convolution.vertical(),
              convolution.horizontal(),
              place.shape(),
              place.inputShape()));
      arguments.add(place.inputShape().channels() / groups);
      arguments.add(levels.rows() / groups);
      place.call("integer_convolution", arguments.toArray());
    } else {
      place.call("integer_dense", arguments.toArray());
    }
    if (!makesLevels) {
      place.activate(layer.layer().activation(), y);
    }
  }

  /**
   * Whether what is made of a channel can lie where that was: no other is made of it, and those
   * before it do not reach so far.
   */
  private static boolean isInPlace(IntegerLayer layer, Place place) {
    int channels = place.inputShape().channels();
    return layer.output().isPresent()
        && layer.layer() instanceof Convolution convolution
        && convolution.groups() == channels
        && place.shape().channels() == channels
        && made(place).places() <= place.inputShape().places();
  }

  /** With what is computed with it. */
  private static Shape made(Place place) {
    Program program = place.program();
    return program.architecture().outputShape(program.integers().lastOf(place.index()));
  }

  private static String integers(
      IntegerLayer layer, Place place, String weights, int held, int places) {
    Program program = place.program();
    boolean hasBiases = IntStream.of(layer.biases()).anyMatch(bias -> bias != 0);
    String biases = hasBiases ? program.ints(place.named("biases"), layer.biases()) : NONE;
    float[] multipliers = layer.multipliers();
    boolean isShared = true;
    for (float multiplier : multipliers) {
      isShared &= multiplier == multipliers[0];
    }
    int zero = layer.output().map(Quantization::zeroPoint).orElse(0);
    List<Object> fields =
        new ArrayList<>(
            List.of(
                weights,
                biases,
                program.floats(
                    place.named("multipliers"),
                    isShared ? new float[] {multipliers[0]} : multipliers),
                layer.levels().rows(),
                held,
                places,
                isShared ? 1 : 0,
                layer.input().zeroPoint(),
                zero,
                zero + layer.least(),
                zero + layer.most()));
    if (!program.integers().hasPools()) {
      return program.structure("integers", place.named("integers"), INTEGERS_BYTES, fields);
    }
    fields.add(program.integers().pool(place.index()).map(pool -> pool(place, pool)).orElse(NONE));
    return program.structure(
        "integers", place.named("integers"), INTEGERS_BYTES + ADDRESS_BYTES, fields);
  }

  /** The windows of the maximum pooling of what a layer makes. */
  private static String pool(Place place, int node) {
    Library library = place.program().library();
    library.define("POOLED");
    library.useFirst("maximum_pool_levels");
    Pooling pooling = (Pooling) place.program().architecture().layers().get(node);
    return SummingLayers.windows(
        new Place(place.program(), node),
        pooling.vertical(),
        pooling.horizontal(),
        made(place),
        place.shape());
  }

  /** Levels of sums of what levels stand for; there is no room for the sums. */
  static void sum(Requantization sum, Place place) {
    Quantization first = place.inputLevels(0).orElseThrow();
    Quantization second = place.inputLevels(1).orElseThrow();
    Shape shape = place.shape();
    Shape summands = place.inputShape(1);
    int zero = sum.output().zeroPoint();
    String x = place.inputAsMade(0);
    String structure =
        place
            .program()
            .structure(
                "levels_sum",
                place.named("sum"),
                SUM_BYTES,
                List.of(
                    "{%s, %s}"
                        .formatted(Program.literal(first.scale()), Program.literal(second.scale())),
                    sum.output().scale(),
                    summands.channels(),
                    summands.height(),
                    summands.width(),
                    Shortcut.stride(shape, summands),
                    "{%d, %d}".formatted(first.zeroPoint(), second.zeroPoint()),
                    zero,
                    zero + sum.least(),
                    zero + sum.most()));
    place.call(
        "add_levels",
        structure,
        x,
        place.inputAsMade(1),
        place.levelsInPlace(),
        place.sides(shape));
  }
}
