package dev.pare.artifact;

/** Floats of a file, in half or quarter precision where that loses nothing. */
final class FloatTable {
  /** Beside a coding: the bits that tell the width. */
  static final int FLAGS = Width.HALVES.flag | Width.QUARTERS.flag;

  private final float[] values;
  private final Width width;

  /** In how many bytes each float is held. */
  enum Width {
    SINGLES(0),
    HALVES(0x80),
    QUARTERS(0x40);

    private final int flag;

    Width(int flag) {
      this.flag = flag;
    }

    /** What tells the width, beside a coding. */
    int flag() {
      return flag;
    }

    /** The width that a byte with flags tells, both of which are none. */
    static Width of(int flags, ByteSource in) {
      for (Width width : values()) {
        if (width.flag == (flags & FLAGS)) {
          return width;
        }
      }
      throw in.invalid("floats of two widths");
    }

    /** How many bytes so many floats take. */
    long bytes(int count) {
      return switch (this) {
        case SINGLES -> (long) count * Float.BYTES;
        case HALVES -> (long) count * Float16.BYTES;
        case QUARTERS -> (long) count * Float8E4M3.BYTES + Float8E4M3.EXPONENT_BYTES;
      };
    }
  }

  private FloatTable(float[] values, Width width) {
    this.values = values;
    this.width = width;
  }

  static FloatTable of(float[] values) {
    return new FloatTable(values, width(values));
  }

  /** The narrowest width that loses nothing; of equally narrow ones the more usual. */
  static Width width(float[] values) {
    if (values.length == 0) {
      return Width.SINGLES;
    }
    boolean halves = Float16.areExact(values);
    if (values.length > 1 && Float8E4M3.areExact(values)) {
      return Width.QUARTERS;
    }
    return halves ? Width.HALVES : Width.SINGLES;
  }

  /** Takes that many floats. */
  static FloatTable read(Width width, int count, ByteSource in) {
    float[] values =
        switch (width) {
          case SINGLES -> in.readFloats(count);
          case HALVES -> in.readHalves(count);
          case QUARTERS -> in.readQuarters(count);
        };
    return new FloatTable(values, width);
  }

  /** As {@link #read}, up to the end. */
  static FloatTable readRest(Width width, int count, ByteSource in) {
    if (in.remaining() != width.bytes(count)) {
      throw in.invalid(in.remaining() + " bytes for " + count + " floats as " + width);
    }
    return read(width, count, in);
  }

  /** The values themselves, not a copy. */
  float[] values() {
    return values;
  }

  /** What tells the width, beside a coding. */
  int flag() {
    return width.flag;
  }

  /** How many bytes they take. */
  long bytes() {
    return width.bytes(values.length);
  }

  void write(ByteSink out) {
    switch (width) {
      case SINGLES -> out.writeFloats(values);
      case HALVES -> out.writeHalves(values);
      case QUARTERS -> out.writeQuarters(values);
    }
  }
}
