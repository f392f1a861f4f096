package dev.pare.data;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads arrays of NumPy, the NPY format in its versions 1 to 3.
 *
 * <pre>
 *   byte 0   93 'NUMPY'   magic
 *        6   version      major, minor
 *        8   length       uint16, in versions 2 and 3 uint32, little-endian
 *        …   header       {'descr': '&lt;f4', 'fortran_order': False, 'shape': (10, 3), }
 *        …   values       the last dimension varies fastest, or the first in Fortran order
 * </pre>
 *
 * <p>Types are booleans, integers and floats, little-endian, and for labels texts. Python objects,
 * which are pickled, are never read.
 */
final class NpyArray {
  private static final Logger LOG = LoggerFactory.getLogger(NpyArray.class);

  private static final int CHUNK = 1 << 16;

  private final ByteInput in;
  private final NpyType type;

  /** Bytes of a value. */
  private final int width;

  private final int[] dimensions;
  private final long count;
  private final boolean fortran;
  private final int valuesStart;

  private NpyArray(ByteInput in) {
    NpyHeader header = NpyHeader.read(in);
    this.in = in;
    this.type = header.type();
    this.width = header.width();
    this.dimensions = header.dimensions().stream().mapToInt(Integer::intValue).toArray();
    this.count = Arrays.stream(dimensions).asLongStream().reduce(1, (a, b) -> a * b);
    this.fortran = header.fortran();
    this.valuesStart = header.valuesStart();
  }

  /**
   * Reads labels: an array of rank 1, or of rank 2 with one column; of numbers with several, too.
   */
  static int[] readLabels(ByteInput in, ClassLabels allowed) {
    NpyArray array = new NpyArray(in);
    int[] d = array.dimensions;
    if (allowed.areNumbers()) {
      if (d.length > 2) {
        throw in.malformed(0, "shape " + text(d) + ": targets have one dimension or two");
      }
      if (array.type == NpyType.TEXT) {
        throw in.malformed(0, "type " + array.type.description() + ": targets are numbers");
      }
      GrowingFloats targets = GrowingFloats.onHeap();
      array.readFloats(targets, new MergedNumbers());
      return allowed.check(targets.toArray(), d[0], problem -> in.malformed(0, problem));
    }
    if (d.length != 1 && (d.length != 2 || d[1] != 1)) {
      throw in.malformed(0, "shape " + text(d) + ": labels have one dimension");
    }
    if (array.type == NpyType.TEXT && !allowed.areNames()) {
      throw in.malformed(0, "labels are texts; data.classes = named takes these");
    }
    if (!array.type.isWhole()) {
      throw in.malformed(0, "type " + array.type.description() + ": labels are whole numbers");
    }
    GrowingLabels labels = new GrowingLabels();
    Blanks blanks = new Blanks();
    array.readValues(
        (values, index) -> {
          long offset = array.valuesStart + index * array.width;
          Function<String, MalformedDataException> malformed =
              problem -> in.malformed(offset, problem);
          labels.add(
              array.type == NpyType.TEXT
                  ? allowed.check(blanks.stripped(array.nextText(values, malformed)), malformed)
                  : allowed.check(BigDecimal.valueOf(array.type.nextWhole(values)), malformed));
        });
    blanks.warn();
    return labels.toArray();
  }

  /** Texts without the blanks around them, of which some may have been others before. */
  private static final class Blanks {
    private final Map<String, String> first = new HashMap<>();
    private String merged = "";

    String stripped(String text) {
      String stripped = text.strip();
      String before = first.putIfAbsent(stripped, text);
      if (before != null && !before.equals(text) && merged.isEmpty()) {
        merged = "\"%s\" and \"%s\"".formatted(before, text);
      }
      return stripped;
    }

    void warn() {
      if (!merged.isEmpty()) {
        LOG.warn(
            "labels differ only by blanks around them, as {}, and are one class here",
            MalformedDataException.printable(merged));
      }
    }
  }

  /**
   * Reads features: an array of rank 2 to 4, as {@link ExampleShape#ofArray} has them.
   *
   * @param known the labels; null where there are none
   * @param storage where to have the features
   * @param merged takes the numbers of flat features
   */
  static ShapedExamples readFeatures(
      ByteInput in,
      int @Nullable [] known,
      String labelsName,
      int classes,
      FeatureStorage storage,
      MergedNumbers merged) {
    NpyArray array = new NpyArray(in);
    int[] d = array.dimensions;
    ExampleShape shape =
        ExampleShape.ofArray(d)
            .orElseThrow(() -> in.malformed(0, "shape " + text(d) + ": features have rank 2 to 4"));
    if (known != null && d[0] != known.length) {
      throw in.malformed(
          0, d[0] + " examples, but " + labelsName + " has " + known.length + " labels");
    }
    if (array.type == NpyType.TEXT) {
      throw in.malformed(0, "type " + array.type.description() + ": features are numbers");
    }
    if (array.type == NpyType.UINT8) {
      GrowingBytes values = new GrowingBytes(storage);
      array.readBytes(values);
      int[] labels = known == null ? new int[d[0]] : known;
      return new ShapedExamples(values.toExamples(shape.size(), labels, classes), shape, 255);
    }
    GrowingFloats values = new GrowingFloats(storage);
    array.readFloats(values, merged);
    int[] labels = known == null ? new int[d[0]] : known;
    return new ShapedExamples(values.toExamples(shape.size(), labels, classes), shape, 1);
  }

  private static String text(int[] dimensions) {
    return Arrays.toString(dimensions);
  }

  /** Takes some values that follow on each other. */
  @FunctionalInterface
  private interface ChunkTaker {
    /**
     * @param chunk from its beginning on
     * @param first index of the first value
     */
    void take(ByteBuffer chunk, long first, int count);
  }

  /** Takes values out of a buffer, one after the other. */
  @FunctionalInterface
  private interface Taker {
    void next(ByteBuffer values, long index);
  }

  private void readValues(Taker taker) {
    readChunks(
        (chunk, first, some) -> {
          for (int i = 0; i < some; i++) {
            taker.next(chunk, first + i);
          }
        });
  }

  /** Reads all values, a chunk at a time, whatever the header declares. */
  private void readChunks(ChunkTaker taker) {
    byte[] chunk = new byte[Math.max(1, CHUNK / width) * width];
    ByteBuffer values = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
    long index = 0;
    while (index < count) {
      int some = (int) Math.min(chunk.length / width, count - index);
      int got = in.read(chunk, 0, some * width);
      if (got < some * width) {
        throw in.malformed(
            valuesStart,
            ("%d values of %d bytes declared, but the array ends after %d bytes")
                .formatted(count, width, index * width + got));
      }
      values.position(0);
      taker.take(values, index, some);
      index += some;
    }
    if (in.read(chunk, 0, 1) > 0) {
      throw in.malformed(
          valuesStart + count * width, "more bytes follow the values that are declared");
    }
  }

  private void readBytes(GrowingBytes target) {
    if (!fortran) {
      readChunks((chunk, first, some) -> target.add(chunk.array(), 0, some));
      return;
    }
    checkOrder();
    byte[][] values = {{}};
    readValues(
        (buffer, index) -> {
          if (index == values[0].length) {
            values[0] = Arrays.copyOf(values[0], GrowingFloats.grown((int) index, index + 1));
          }
          values[0][(int) index] = buffer.get();
        });
    byte[] one = new byte[1];
    int[] from = fortranOrder();
    for (long i = 0; i < count; i++) {
      one[0] = values[0][next(from)];
      target.add(one, 0, 1);
    }
  }

  private void readFloats(GrowingFloats target, MergedNumbers merged) {
    if (!fortran) {
      readChunks(
          (chunk, first, some) -> {
            target.addRow(some);
            for (int i = 0; i < some; i++) {
              target.set(some - i, nextFloat(chunk, first + i, merged));
            }
          });
      return;
    }
    checkOrder();
    GrowingFloats read = GrowingFloats.onHeap();
    readValues(
        (buffer, index) -> {
          read.addRow(1);
          read.set(1, nextFloat(buffer, index, merged));
        });
    float[] values = read.toArray();
    int[] from = fortranOrder();
    for (long i = 0; i < count; i++) {
      target.addRow(1);
      target.set(1, values[next(from)]);
    }
  }

  private float nextFloat(ByteBuffer values, long index, MergedNumbers merged) {
    int at = values.position();
    float value = type.next(values);
    if (dimensions.length == 2 && Math.abs(value) >= MergedNumbers.INEXACT) {
      long column = fortran ? index / dimensions[0] : index % dimensions[1];
      merged.add((int) column, type.exact(values, at));
    }
    if (!Float.isFinite(value)) {
      throw in.malformed(valuesStart + index * width, "value " + value + ": is not a finite float");
    }
    return value;
  }

  /** Values in another order are all in memory while they are brought into theirs. */
  private void checkOrder() {
    if (count > FeatureStorage.LONGEST_ARRAY) {
      throw in.malformed(
          0,
          "more than %d values in Fortran order; numpy.ascontiguousarray gives them the usual one"
              .formatted(FeatureStorage.LONGEST_ARRAY));
    }
  }

  /** The indices of a value, which start at the first, and behind them its place. */
  private int[] fortranOrder() {
    return new int[dimensions.length + 1];
  }

  /** Where the next value in C order is in Fortran order. */
  private int next(int[] indices) {
    int rank = dimensions.length;
    int place = indices[rank];
    for (int i = rank - 1; i >= 0; i--) {
      int stride = stride(i);
      if (++indices[i] < dimensions[i]) {
        indices[rank] += stride;
        return place;
      }
      indices[rank] -= (dimensions[i] - 1) * stride;
      indices[i] = 0;
    }
    return place;
  }

  private int stride(int dimension) {
    int stride = 1;
    for (int i = 0; i < dimension; i++) {
      stride *= dimensions[i];
    }
    return stride;
  }

  private String nextText(ByteBuffer values, Function<String, MalformedDataException> malformed) {
    StringBuilder text = new StringBuilder();
    int end = values.position() + width;
    boolean ended = false;
    while (values.position() < end) {
      int point = values.getInt();
      ended |= point == 0;
      if (!ended) {
        if (!Character.isValidCodePoint(point)
            || point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
          throw malformed.apply("a label of what is no character, " + point);
        }
        text.appendCodePoint(point);
      }
    }
    return text.toString();
  }
}
