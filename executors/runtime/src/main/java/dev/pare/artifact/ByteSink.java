package dev.pare.artifact;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Collects bytes; package-info defines the encodings. */
final class ByteSink {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  void writeByte(int value) {
    bytes.write(value);
  }

  void writeBytes(byte[] value) {
    bytes.writeBytes(value);
  }

  /** Appends {@code value ≥ 0}. */
  void writeVarint(int value) {
    int rest = value;
    while (rest > 0x7F) {
      bytes.write(rest | 0x80);
      rest >>>= 7;
    }
    bytes.write(rest);
  }

  void writeInt(int value) {
    bytes.writeBytes(littleEndian(Integer.BYTES).putInt(value).array());
  }

  void writeLong(long value) {
    bytes.writeBytes(littleEndian(Long.BYTES).putLong(value).array());
  }

  void writeFloats(float... values) {
    ByteBuffer buffer = littleEndian(Math.multiplyExact(values.length, Float.BYTES));
    buffer.asFloatBuffer().put(values);
    bytes.writeBytes(buffer.array());
  }

  /** Appends values that are halves. */
  void writeHalves(float... values) {
    ByteBuffer buffer = littleEndian(Math.multiplyExact(values.length, Float16.BYTES));
    for (float value : values) {
      buffer.putShort(Float16.of(value));
    }
    bytes.writeBytes(buffer.array());
  }

  /** Appends values that are quarters times a power of two: its exponent, then the quarters. */
  void writeQuarters(float... values) {
    int exponent = Float8E4M3.exponent(values);
    bytes.write(exponent);
    for (float value : values) {
      bytes.write(Float8E4M3.of(Math.scalb(value, -exponent)));
    }
  }

  int size() {
    return bytes.size();
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
