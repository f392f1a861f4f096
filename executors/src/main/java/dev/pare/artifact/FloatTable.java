package dev.pare.artifact;

/** Floats of a file, as halves where that loses nothing. */
final class FloatTable {
  /** Beside a coding: that the floats are halves. */
  static final int HALVES_FLAG = 0x80;

  private final float[] values;
  private final boolean halves;

  private FloatTable(float[] values, boolean halves) {
    this.values = values;
    this.halves = halves;
  }

  static FloatTable of(float[] values) {
    return new FloatTable(values, Half.areExact(values));
  }

  /**
   * Takes that many floats.
   *
   * @param halves whether they are halves
   */
  static FloatTable read(boolean halves, int count, ByteSource in) {
    return new FloatTable(halves ? in.readHalves(count) : in.readFloats(count), halves);
  }

  /** As {@link #read}, up to the end. */
  static FloatTable readRest(boolean halves, int count, ByteSource in) {
    if (in.remaining() != (long) count * (halves ? Half.BYTES : Float.BYTES)) {
      throw in.invalid(in.remaining() + " bytes for " + count + (halves ? " halves" : " floats"));
    }
    return read(halves, count, in);
  }

  /** The values themselves, not a copy. */
  float[] values() {
    return values;
  }

  /** {@link #HALVES_FLAG}, or 0. */
  int flag() {
    return halves ? HALVES_FLAG : 0;
  }

  /** How many bytes they take. */
  long bytes() {
    return (long) values.length * (halves ? Half.BYTES : Float.BYTES);
  }

  void write(ByteSink out) {
    if (halves) {
      out.writeHalves(values);
    } else {
      out.writeFloats(values);
    }
  }
}
