package dev.pare.artifact;

import dev.pare.artifact.MalformedArtifactException.Fault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Takes from a range of a file's bytes; package-info defines the encodings. */
final class ByteSource {
  private final byte[] file;
  private final int end;
  private final Fault whenExhausted;
  private int position;

  /**
   * @param whenExhausted what it means to read beyond {@code end}
   */
  ByteSource(byte[] file, int from, int end, Fault whenExhausted) {
    this.file = file;
    this.position = from;
    this.end = end;
    this.whenExhausted = whenExhausted;
  }

  /** Where in the file the next byte is. */
  int position() {
    return position;
  }

  int remaining() {
    return end - position;
  }

  int readByte() {
    return file[advance(1)] & 0xFF;
  }

  int readVarint() {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = readByte();
      boolean last = next < 0x80;
      if (shift == 28 && next > 0x07 || last && next == 0 && shift > 0) {
        throw invalid("a number beyond 31 bits, or in more bytes than it needs");
      }
      value |= (next & 0x7F) << shift;
      if (last) {
        return value;
      }
    }
    throw new AssertionError("the fifth byte is the last");
  }

  int readInt() {
    int at = advance(Integer.BYTES);
    return littleEndian(at, Integer.BYTES).getInt();
  }

  long readLong() {
    int at = advance(Long.BYTES);
    return littleEndian(at, Long.BYTES).getLong();
  }

  float readFloat() {
    return Float.intBitsToFloat(readInt());
  }

  /** Takes that many floats; checks that they are there before it makes room for them. */
  float[] readFloats(int count) {
    if (count > remaining() / Float.BYTES) {
      throw exhausted();
    }
    int at = advance(count * Float.BYTES);
    float[] values = new float[count];
    littleEndian(at, count * Float.BYTES).asFloatBuffer().get(values);
    return values;
  }

  /** Takes that many halves; checks that they are there before it makes room for them. */
  float[] readHalves(int count) {
    if (count > remaining() / Float16.BYTES) {
      throw exhausted();
    }
    ByteBuffer buffer = littleEndian(advance(count * Float16.BYTES), count * Float16.BYTES);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Float16.toFloat(buffer.getShort());
    }
    return values;
  }

  /** Takes that many quarters and their exponent; checks that they are there before. */
  float[] readQuarters(int count) {
    if (count > remaining() - Float8E4M3.EXPONENT_BYTES) {
      throw exhausted();
    }
    int exponent = (byte) readByte();
    if (exponent > Float8E4M3.GREATEST_EXPONENT) {
      throw invalid("scaled 8-bit floats with exponent " + exponent);
    }
    int at = advance(count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Math.scalb(Float8E4M3.toFloat(file[at + i]), exponent);
      if (Float.isNaN(values[i])) {
        throw invalid("an 8-bit float that is NaN");
      }
    }
    return values;
  }

  byte[] readBytes(int count) {
    int at = advance(count);
    return Arrays.copyOfRange(file, at, at + count);
  }

  /** Takes that many bytes as a source of their own. */
  ByteSource readSource(int count) {
    int at = advance(count);
    return new ByteSource(file, at, at + count, whenExhausted);
  }

  /** A source of what remains of this one, which stays where it is. */
  ByteSource duplicate() {
    return new ByteSource(file, position, end, whenExhausted);
  }

  /** The complaint that {@code what} is wrong just before here. */
  MalformedArtifactException invalid(String what) {
    return new MalformedArtifactException(Fault.INVALID_CONTENT, position, what);
  }

  private int advance(int count) {
    if (count > remaining()) {
      throw exhausted();
    }
    int at = position;
    position += count;
    return at;
  }

  private MalformedArtifactException exhausted() {
    return new MalformedArtifactException(whenExhausted, end, "ends too early");
  }

  private ByteBuffer littleEndian(int at, int size) {
    return ByteBuffer.wrap(file, at, size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
