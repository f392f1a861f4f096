package dev.pare.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 1 << 16;
  private static final int HIGHEST_RANK = 4;
  private static final int CHUNK = 1 << 16;
  private static final int FIRST_VALUES = 1 << 16;
  private static final int LONGEST_TEXT = 1000;

  private static final Pattern DESCRIPTION = Pattern.compile("'descr': *'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order': *(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape': *\\(([0-9, ]*)\\)");
  private static final Pattern HEADER =
      Pattern.compile("\\{(?:[^(){}']++|'[^']*+'|\\([0-9, ]*+\\))*+\\}\\s*+");
  private static final Pattern TEXT = Pattern.compile("<U([0-9]{1,6})");

  private final ByteInput in;
  private final Type type;

  /** Bytes of a value. */
  private final int width;

  private final int[] dimensions;
  private final int count;
  private final boolean fortran;
  private final int valuesStart;

  private NpyArray(
      ByteInput in, Type type, int width, int[] dimensions, boolean fortran, int valuesStart) {
    this.in = in;
    this.type = type;
    this.width = width;
    this.dimensions = dimensions;
    this.count = Arrays.stream(dimensions).reduce(1, (a, b) -> a * b);
    this.fortran = fortran;
    this.valuesStart = valuesStart;
  }

  /**
   * Reads labels: an array of rank 1, or of rank 2 with one column; of numbers with several, too.
   */
  static int[] readLabels(ByteInput in, ClassLabels allowed) {
    NpyArray array = readHeader(in);
    int[] d = array.dimensions;
    if (allowed.areNumbers()) {
      if (d.length > 2) {
        throw in.malformed(0, "shape " + text(d) + ": targets have one dimension or two");
      }
      if (array.type == Type.TEXT) {
        throw in.malformed(0, "type " + array.type.description + ": targets are numbers");
      }
      return allowed.check(array.readFloats(), d[0], problem -> in.malformed(0, problem));
    }
    if (d.length != 1 && (d.length != 2 || d[1] != 1)) {
      throw in.malformed(0, "shape " + text(d) + ": labels have one dimension");
    }
    if (array.type == Type.TEXT && !allowed.areNames()) {
      throw in.malformed(0, "labels are texts; data.classes = named takes these");
    }
    if (!array.type.whole) {
      throw in.malformed(0, "type " + array.type.description + ": labels are whole numbers");
    }
    GrowingLabels labels = new GrowingLabels();
    array.readValues(
        (values, index) -> {
          long offset = array.valuesStart + (long) index * array.width;
          Function<String, MalformedDataException> malformed =
              problem -> in.malformed(offset, problem);
          labels.add(
              array.type == Type.TEXT
                  ? allowed.check(array.nextText(values, malformed), malformed)
                  : allowed.check(BigDecimal.valueOf(array.type.nextWhole(values)), malformed));
        });
    return labels.toArray();
  }

  /**
   * Reads features: an array of rank 2 to 4, as {@link ExampleShape#ofArray} has them.
   *
   * @param known the labels; null where there are none
   */
  static ShapedExamples readFeatures(
      ByteInput in, int @Nullable [] known, String labelsName, int classes) {
    NpyArray array = readHeader(in);
    int[] d = array.dimensions;
    ExampleShape shape =
        ExampleShape.ofArray(d)
            .orElseThrow(() -> in.malformed(0, "shape " + text(d) + ": features have rank 2 to 4"));
    if (known != null && d[0] != known.length) {
      throw in.malformed(
          0, d[0] + " examples, but " + labelsName + " has " + known.length + " labels");
    }
    if (array.type == Type.TEXT) {
      throw in.malformed(0, "type " + array.type.description + ": features are numbers");
    }
    if (array.type == Type.UINT8) {
      byte[] values = array.readBytes();
      int[] labels = known == null ? new int[d[0]] : known;
      return new ShapedExamples(
          new ByteExamples(values, shape.size(), labels, classes), shape, 255);
    }
    float[] values = array.readFloats();
    int[] labels = known == null ? new int[d[0]] : known;
    return new ShapedExamples(new FloatExamples(values, shape.size(), labels, classes), shape, 1);
  }

  /** Whether a file begins as one does. */
  static boolean begins(byte[] start) {
    return start.length >= MAGIC.length && Arrays.equals(start, 0, 6, MAGIC, 0, 6);
  }

  private static NpyArray readHeader(ByteInput in) {
    byte[] start = new byte[8];
    if (in.read(start, 0, start.length) < start.length || !begins(start)) {
      throw in.malformed(0, "not an array of NumPy: it must begin with 0x93 NUMPY");
    }
    int version = start[6];
    if (version < 1 || version > 3) {
      throw in.malformed(6, "version " + (version & 0xFF) + ": must be 1 to 3");
    }
    byte[] size = new byte[version == 1 ? 2 : 4];
    if (in.read(size, 0, size.length) < size.length) {
      throw in.malformed(8, "the array ends within its header");
    }
    ByteBuffer buffer = ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN);
    int length = version == 1 ? buffer.getShort() & 0xFFFF : buffer.getInt();
    if (length < 0 || length > LONGEST_HEADER) {
      throw in.malformed(8, "a header of " + (length & 0xFFFF_FFFFL) + " bytes: at most 65536");
    }
    byte[] header = new byte[length];
    if (in.read(header, 0, length) < length) {
      throw in.malformed(8 + size.length, "the array ends within its header");
    }
    return parse(in, new String(header, ISO_8859_1), 8 + size.length, length);
  }

  private static NpyArray parse(ByteInput in, String header, int at, int length) {
    if (!HEADER.matcher(header).matches()) {
      throw in.malformed(at, "the header is no description of one array of plain values");
    }
    String description = field(in, DESCRIPTION, header, at, "descr");
    boolean fortran = field(in, ORDER, header, at, "fortran_order").equals("True");
    List<Integer> dimensions = new ArrayList<>();
    long values = 1;
    for (String side : field(in, SHAPE, header, at, "shape").split(",", -1)) {
      String digits = side.strip();
      if (digits.isEmpty()) {
        continue;
      }
      if (!digits.matches("[0-9]{1,10}") || Long.parseLong(digits) < 1) {
        throw in.malformed(at, "a dimension of " + digits + ": must be at least 1");
      }
      // No overflow: the product so far is below 2³¹, the side below 2³⁴.
      values *= Long.parseLong(digits);
      if (values > GrowingFloats.MOST) {
        throw in.malformed(at, "more than " + GrowingFloats.MOST + " values");
      }
      dimensions.add(Integer.parseInt(digits));
    }
    if (dimensions.isEmpty() || dimensions.size() > HIGHEST_RANK) {
      throw in.malformed(at, "rank " + dimensions.size() + ": must be 1 to " + HIGHEST_RANK);
    }
    Type type = Type.of(in, description, at);
    int width = type.bytes;
    if (type == Type.TEXT) {
      Matcher text = TEXT.matcher(description);
      int characters = text.matches() ? Integer.parseInt(text.group(1)) : 0;
      if (characters < 1 || characters > LONGEST_TEXT) {
        throw in.malformed(
            at, "texts of type " + description + ": must be of 1 to 1000 characters");
      }
      width = characters * Type.TEXT.bytes;
    }
    return new NpyArray(
        in,
        type,
        width,
        dimensions.stream().mapToInt(Integer::intValue).toArray(),
        fortran,
        at + length);
  }

  private static String field(ByteInput in, Pattern pattern, String header, int at, String name) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw in.malformed(at, "the header has no " + name + ", or one of records");
    }
    return matcher.group(1);
  }

  private static String text(int[] dimensions) {
    return Arrays.toString(dimensions);
  }

  /** Takes values out of a buffer, one after the other. */
  @FunctionalInterface
  private interface Taker {
    void next(ByteBuffer values, int index);
  }

  /** Reads all values, a chunk at a time. */
  private void readValues(Taker taker) {
    byte[] chunk = new byte[Math.max(1, CHUNK / width) * width];
    ByteBuffer values = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
    int index = 0;
    while (index < count) {
      int wanted = (int) Math.min(chunk.length, (long) (count - index) * width);
      int got = in.read(chunk, 0, wanted);
      if (got < wanted) {
        throw in.malformed(
            valuesStart,
            ("%d values of %d bytes declared, but the array ends after %d bytes")
                .formatted(count, width, (long) index * width + got));
      }
      values.position(0);
      for (int end = index + wanted / width; index < end; index++) {
        taker.next(values, index);
      }
    }
    if (in.read(chunk, 0, 1) > 0) {
      throw in.malformed(
          valuesStart + (long) count * width, "more bytes follow the values that are declared");
    }
  }

  private byte[] readBytes() {
    byte[][] values = {new byte[Math.min(count, FIRST_VALUES)]};
    readValues(
        (buffer, index) -> {
          if (index == values[0].length) {
            values[0] = Arrays.copyOf(values[0], (int) Math.min(count, 2L * index));
          }
          values[0][index] = buffer.get();
        });
    if (!fortran) {
      return values[0];
    }
    byte[] ordered = new byte[count];
    int[] from = fortranOrder();
    for (int i = 0; i < count; i++) {
      ordered[i] = values[0][next(from)];
    }
    return ordered;
  }

  private float[] readFloats() {
    float[][] values = {new float[Math.min(count, FIRST_VALUES)]};
    readValues(
        (buffer, index) -> {
          if (index == values[0].length) {
            values[0] = Arrays.copyOf(values[0], (int) Math.min(count, 2L * index));
          }
          float value = type.next(buffer);
          if (!Float.isFinite(value)) {
            throw in.malformed(
                valuesStart + (long) index * width, "value " + value + ": is not a finite float");
          }
          values[0][index] = value;
        });
    if (!fortran) {
      return values[0];
    }
    float[] ordered = new float[count];
    int[] from = fortranOrder();
    for (int i = 0; i < count; i++) {
      ordered[i] = values[0][next(from)];
    }
    return ordered;
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
    return text.toString().strip();
  }

  private enum Type {
    BOOLEAN("|b1", 1, true),
    UINT8("|u1", 1, true),
    INT8("|i1", 1, true),
    UINT16("<u2", 2, true),
    INT16("<i2", 2, true),
    UINT32("<u4", 4, true),
    INT32("<i4", 4, true),
    INT64("<i8", 8, true),
    FLOAT16("<f2", 2, false),
    FLOAT32("<f4", 4, false),
    FLOAT64("<f8", 8, false),
    TEXT("<U", 4, true);

    private final String description;
    private final int bytes;
    private final boolean whole;

    Type(String description, int bytes, boolean whole) {
      this.description = description;
      this.bytes = bytes;
      this.whole = whole;
    }

    static Type of(ByteInput in, String description, int at) {
      for (Type type : values()) {
        if (type.description.equals(description)) {
          return type;
        }
      }
      if (description.startsWith(TEXT.description)) {
        return TEXT;
      }
      if (description.contains("O")) {
        throw in.malformed(at, "holds pickled objects of Python, which are never read");
      }
      throw in.malformed(
          at,
          "type "
              + description.replaceAll("[^ -~]", "?")
              + (": must be booleans, integers or floats, little-endian; for labels also <U texts"));
    }

    float next(ByteBuffer values) {
      return switch (this) {
        case FLOAT16 -> half(values.getShort());
        case FLOAT32 -> values.getFloat();
        case FLOAT64 -> (float) values.getDouble();
        default -> nextWhole(values);
      };
    }

    long nextWhole(ByteBuffer values) {
      return switch (this) {
        case BOOLEAN, UINT8 -> values.get() & 0xFF;
        case INT8 -> values.get();
        case UINT16 -> values.getShort() & 0xFFFF;
        case INT16 -> values.getShort();
        case UINT32 -> values.getInt() & 0xFFFF_FFFFL;
        case INT32 -> values.getInt();
        case INT64 -> values.getLong();
        case FLOAT16, FLOAT32, FLOAT64, TEXT -> throw new IllegalStateException(this + " values");
      };
    }

    /** IEEE 754 half precision. */
    private static float half(short bits) {
      int exponent = bits >> 10 & 0x1F;
      int fraction = bits & 0x3FF;
      float magnitude =
          switch (exponent) {
            case 0 -> fraction * 0x1p-24f;
            case 0x1F -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
          };
      return bits < 0 ? -magnitude : magnitude;
    }
  }
}
