package dev.pare.data;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads IDX files, the format of MNIST: one array of numbers, big-endian.
 *
 * <pre>
 *   byte 0   0, 0       magic
 *        2   type       08 uint8, 09 int8, 0B int16, 0C int32, 0D float32, 0E float64
 *        3   rank       number of dimensions
 *        4   int32 × rank   dimensions, the first one counts the examples
 *        …   values     the last dimension varies fastest
 * </pre>
 */
final class IdxFile {
  /** No file has so many bytes, and their number is no trouble. */
  private static final long MOST_BYTES = 1L << 50;

  private static final int CHUNK = 1 << 16;
  private static final int DIMENSIONS_START = 4;
  private static final int HIGHEST_RANK = 4;
  private static final int LARGEST_BYTE = 255;

  private final SourceFile file;
  private final Type type;
  private final int[] dimensions;
  private final int valuesStart;

  private IdxFile(SourceFile file, Type type, int[] dimensions, int valuesStart) {
    this.file = file;
    this.type = type;
    this.dimensions = dimensions;
    this.valuesStart = valuesStart;
  }

  /** Reads an array of rank 1; numbers may be of rank 2, several for each example. */
  static int[] readLabels(SourceFile file, ClassLabels allowed) {
    IdxFile idx = readHeader(file);
    int rank = idx.dimensions.length;
    if (allowed.areNumbers()) {
      if (rank > 2) {
        throw file.malformed(
            3, "rank " + rank + ": targets have rank 1 or 2 (is this a file of features?)");
      }
      GrowingFloats targets = GrowingFloats.onHeap();
      idx.readFloats(targets);
      return allowed.check(
          targets.toArray(), idx.dimensions[0], problem -> file.malformed(3, problem));
    }
    if (rank != 1) {
      throw file.malformed(
          3, "rank " + rank + ": labels have rank 1 (is this a file of features?)");
    }
    if (!idx.type.whole) {
      throw file.malformed(2, "type " + idx.type.hex() + ": labels are integers");
    }
    GrowingLabels labels = new GrowingLabels();
    idx.readValues(
        (values, first, count) -> {
          for (int i = 0; i < count; i++) {
            long offset = idx.valuesStart + (first + i) * idx.type.bytes;
            labels.add(
                allowed.check(
                    new BigDecimal(idx.type.next(values)),
                    problem -> file.malformed(offset, problem)));
          }
        });
    return labels.toArray();
  }

  /**
   * Reads an array of rank 2 (examples × features), 3 (examples × height × width) or 4 (examples ×
   * channels × height × width), which has as many examples as {@code labelsFile} had labels.
   *
   * @param known the labels; null where there are none
   * @param storage where to have the features
   */
  static ShapedExamples readFeatures(
      SourceFile file,
      int @Nullable [] known,
      String labelsFile,
      int classes,
      FeatureStorage storage) {
    IdxFile idx = readHeader(file);
    int[] d = idx.dimensions;
    ExampleShape shape =
        ExampleShape.ofArray(d)
            .orElseThrow(
                () ->
                    file.malformed(
                        3,
                        ("rank " + d.length + ": features have rank 2 to 4")
                            + " (is this a file of labels?)"));
    if (known != null && d[0] != known.length) {
      throw file.malformed(
          DIMENSIONS_START,
          d[0] + " examples, but " + labelsFile + " has " + known.length + " labels");
    }
    if (idx.type == Type.UINT8) {
      GrowingBytes values = new GrowingBytes(storage);
      idx.readValues((chunk, first, count) -> values.add(chunk.array(), 0, count));
      int[] labels = known == null ? new int[d[0]] : known;
      return new ShapedExamples(
          values.toExamples(shape.size(), labels, classes), shape, LARGEST_BYTE);
    }
    GrowingFloats values = new GrowingFloats(storage);
    idx.readFloats(values);
    int[] labels = known == null ? new int[d[0]] : known;
    return new ShapedExamples(values.toExamples(shape.size(), labels, classes), shape, 1);
  }

  private static IdxFile readHeader(SourceFile file) {
    byte[] start = new byte[DIMENSIONS_START];
    int count = file.read(start, 0, start.length);
    if (count < start.length) {
      throw file.malformed(count, "the file ends within its header");
    }
    if (start[0] != 0 || start[1] != 0) {
      throw file.malformed(0, "not an IDX file: it must begin with two zero bytes");
    }
    Type type = Type.of(start[2], file);
    int rank = start[3] & 0xFF;
    if (rank < 1 || rank > HIGHEST_RANK) {
      throw file.malformed(3, "rank " + rank + ": must be 1 to " + HIGHEST_RANK);
    }
    byte[] sides = new byte[rank * Integer.BYTES];
    count = file.read(sides, 0, sides.length);
    if (count < sides.length) {
      throw file.malformed(DIMENSIONS_START + count, "the file ends within its header");
    }
    int[] dimensions = new int[rank];
    ByteBuffer.wrap(sides).asIntBuffer().get(dimensions);
    long bytes = type.bytes;
    long example = 1;
    for (int i = 0; i < rank; i++) {
      int offset = DIMENSIONS_START + i * Integer.BYTES;
      if (dimensions[i] < 1) {
        throw file.malformed(
            offset,
            "dimension %d is %s: must be 1 to %d"
                .formatted(i, Integer.toUnsignedString(dimensions[i]), Integer.MAX_VALUE));
      }
      if (bytes > MOST_BYTES / dimensions[i]) {
        throw file.malformed(
            offset,
            ("dimensions " + Arrays.toString(dimensions) + " of " + type.bytes)
                + (" bytes: at most " + MOST_BYTES + " bytes of values can be held"));
      }
      bytes *= dimensions[i];
      // No overflow: both factors are below 2³¹.
      example *= i == 0 ? 1 : dimensions[i];
      if (example > Integer.MAX_VALUE) {
        throw file.malformed(
            offset,
            "dimensions " + Arrays.toString(dimensions) + ": more than 2³¹ − 1 values an example");
      }
    }
    return new IdxFile(file, type, dimensions, DIMENSIONS_START + sides.length);
  }

  /** Takes some values that follow on each other. */
  @FunctionalInterface
  private interface Taker {
    /**
     * @param chunk from its beginning on
     * @param first index of the first value
     */
    void take(ByteBuffer chunk, long first, int count);
  }

  /** Reads all values, a chunk at a time, whatever the header declares. */
  private void readValues(Taker taker) {
    long declared = type.bytes;
    for (int dimension : dimensions) {
      declared *= dimension;
    }
    byte[] chunk = new byte[CHUNK];
    ByteBuffer values = ByteBuffer.wrap(chunk);
    long done = 0;
    while (done < declared) {
      int wanted = (int) Math.min(chunk.length, declared - done);
      int got = file.read(chunk, 0, wanted);
      if (got < wanted) {
        throw file.malformed(
            valuesStart,
            declared + " bytes of values declared, but the file ends after " + (done + got));
      }
      values.position(0);
      taker.take(values, done / type.bytes, got / type.bytes);
      done += got;
    }
    long end = file.position();
    if (file.read(chunk, 0, 1) > 0) {
      throw file.malformed(
          end, "more bytes follow the " + declared + " bytes of values that are declared");
    }
  }

  private void readFloats(GrowingFloats target) {
    readValues(
        (values, first, count) -> {
          target.addRow(count);
          for (int i = 0; i < count; i++) {
            double value = type.next(values);
            if (!Float.isFinite((float) value)) {
              throw file.malformed(
                  valuesStart + (first + i) * type.bytes,
                  "value " + value + ": is not a finite float");
            }
            target.set(count - i, (float) value);
          }
        });
  }

  private enum Type {
    UINT8(0x08, 1, true),
    INT8(0x09, 1, true),
    INT16(0x0B, 2, true),
    INT32(0x0C, 4, true),
    FLOAT32(0x0D, 4, false),
    FLOAT64(0x0E, 8, false);

    private final int code;
    private final int bytes;
    private final boolean whole;

    Type(int code, int bytes, boolean whole) {
      this.code = code;
      this.bytes = bytes;
      this.whole = whole;
    }

    static Type of(byte code, SourceFile file) {
      for (Type type : values()) {
        if (type.code == code) {
          return type;
        }
      }
      throw file.malformed(
          2, "type 0x%02X: must be 0x08, 0x09, 0x0B, 0x0C, 0x0D or 0x0E".formatted(code & 0xFF));
    }

    /** The next value of the buffer; a double holds each of every type. */
    double next(ByteBuffer values) {
      return switch (this) {
        case UINT8 -> values.get() & 0xFF;
        case INT8 -> values.get();
        case INT16 -> values.getShort();
        case INT32 -> values.getInt();
        case FLOAT32 -> values.getFloat();
        case FLOAT64 -> values.getDouble();
      };
    }

    String hex() {
      return "0x%02X".formatted(code);
    }
  }
}
