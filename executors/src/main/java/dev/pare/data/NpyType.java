package dev.pare.data;

import dev.pare.artifact.Float16;
import java.nio.ByteBuffer;

/** What an array of NumPy holds, little-endian; texts have four bytes a character. */
enum NpyType {
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

  NpyType(String description, int bytes, boolean whole) {
    this.description = description;
    this.bytes = bytes;
    this.whole = whole;
  }

  /** As headers have it. */
  String description() {
    return description;
  }

  /** Of a value, of texts of a character. */
  int bytes() {
    return bytes;
  }

  /** Whether its values can be labels. */
  boolean isWhole() {
    return whole;
  }

  /**
   * The type of a description.
   *
   * @param at where the header begins
   * @throws MalformedDataException if values of it are not read
   */
  static NpyType of(ByteInput in, String description, int at) {
    for (NpyType type : values()) {
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
      case FLOAT16 -> Float16.toFloat(values.getShort());
      case FLOAT32 -> values.getFloat();
      case FLOAT64 -> (float) values.getDouble();
      default -> nextWhole(values);
    };
  }

  /** A value at a place as exactly as doubles are. */
  double exact(ByteBuffer values, int at) {
    ByteBuffer one = values.duplicate().order(values.order()).position(at);
    return switch (this) {
      case FLOAT16, FLOAT32 -> next(one);
      case FLOAT64 -> one.getDouble();
      default -> nextWhole(one);
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
}
