package dev.pare.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What comes before the values of an array of NumPy, as {@link NpyArray} draws it.
 *
 * @param width bytes of a value
 * @param dimensions at least one, with at most 2⁵⁰ values together
 * @param fortran whether the first dimension varies fastest
 * @param valuesStart place of the first value
 */
record NpyHeader(
    NpyType type, int width, List<Integer> dimensions, boolean fortran, int valuesStart) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 1 << 16;
  private static final int HIGHEST_RANK = 4;
  private static final int LONGEST_TEXT = 1000;

  /** No file has so many, and their number is no trouble. */
  private static final long MOST_VALUES = 1L << 50;

  private static final Pattern DESCRIPTION = Pattern.compile("'descr': *'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order': *(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape': *\\(([0-9, ]*)\\)");

  private static final String FIELD = "(?:%s|%s|%s)".formatted(DESCRIPTION, ORDER, SHAPE);

  /** With more than three fields, of which one is there twice, NumPy goes by the last of a name. */
  private static final Pattern HEADER =
      Pattern.compile("\\{\\s*(?:%1$s\\s*,\\s*){2}%1$s\\s*,?\\s*\\}\\s*".formatted(FIELD));

  private static final Pattern TEXT = Pattern.compile("<U([0-9]{1,6})");

  NpyHeader {
    dimensions = List.copyOf(dimensions);
  }

  /** Whether a file begins as one does. */
  private static boolean begins(byte[] start) {
    return start.length >= MAGIC.length && Arrays.equals(start, 0, 6, MAGIC, 0, 6);
  }

  /**
   * Reads all that comes before the values.
   *
   * @throws MalformedDataException if it is not of an array of plain values
   */
  static NpyHeader read(ByteInput in) {
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

  private static NpyHeader parse(ByteInput in, String header, int at, int length) {
    if (!HEADER.matcher(header).matches()) {
      throw in.malformed(at, "the header is no description of one array of plain values");
    }
    String description = field(in, DESCRIPTION, header, at, "descr");
    boolean fortran = field(in, ORDER, header, at, "fortran_order").equals("True");
    List<Integer> dimensions = new ArrayList<>();
    long values = 1;
    long example = 1;
    for (String text : field(in, SHAPE, header, at, "shape").split(",", -1)) {
      String digits = text.strip();
      if (digits.isEmpty()) {
        continue;
      }
      if (!digits.matches("[0-9]{1,10}") || Long.parseLong(digits) < 1) {
        throw in.malformed(at, "a dimension of " + digits + ": must be at least 1");
      }
      long side = Long.parseLong(digits);
      if (side > Integer.MAX_VALUE) {
        throw in.malformed(at, "a dimension of " + digits + ": must be below 2³¹");
      }
      if (side > MOST_VALUES / values) {
        throw in.malformed(at, "more than " + MOST_VALUES + " values");
      }
      values *= side;
      // No overflow: both factors are below 2³¹.
      example *= dimensions.isEmpty() ? 1 : side;
      if (example > Integer.MAX_VALUE) {
        throw in.malformed(at, "more than 2³¹ − 1 values an example");
      }
      dimensions.add((int) side);
    }
    if (dimensions.isEmpty() || dimensions.size() > HIGHEST_RANK) {
      throw in.malformed(at, "rank " + dimensions.size() + ": must be 1 to " + HIGHEST_RANK);
    }
    NpyType type = NpyType.of(in, description, at);
    int width = type.bytes();
    if (type == NpyType.TEXT) {
      Matcher text = TEXT.matcher(description);
      int characters = text.matches() ? Integer.parseInt(text.group(1)) : 0;
      if (characters < 1 || characters > LONGEST_TEXT) {
        throw in.malformed(
            at, "texts of type " + description + ": must be of 1 to 1000 characters");
      }
      width = characters * NpyType.TEXT.bytes();
    }
    return new NpyHeader(type, width, dimensions, fortran, at + length);
  }

  private static String field(ByteInput in, Pattern pattern, String header, int at, String name) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw in.malformed(at, "the header has no " + name + ", or one of records");
    }
    return matcher.group(1);
  }
}
