package dev.pare.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Takes bits from an array, the most significant bit of each byte first. */
final class BitReader {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private int position;
  // The high `available` bits are next; those below are either 0 or the right ones already.
  private long accumulator;
  private int available;

  BitReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The next {@code count} bits, 0 to 56, without taking them; zeros beyond the end. */
  long peek(int count) {
    if (available < count) {
      refill();
    }
    // In two steps, since a shift by 64 is none.
    return accumulator >>> 1 >>> Long.SIZE - 1 - count;
  }

  /**
   * Takes {@code count} bits, no more than were peeked at.
   *
   * @throws MalformedCodeException if there are fewer
   */
  void skip(int count) {
    if (count > available) {
      throw new MalformedCodeException(bytes.length, "code is cut off");
    }
    accumulator <<= count;
    available -= count;
  }

  /**
   * Takes {@code count} bits, 0 to 32.
   *
   * @throws MalformedCodeException if there are fewer
   */
  int read(int count) {
    int value = (int) peek(count);
    skip(count);
    return value;
  }

  /** Takes what {@link BitWriter#writeNumber} wrote. */
  int readNumber() {
    int length = read(5);
    return length < 2 ? length : 1 << (length - 1) | read(length - 1);
  }

  /** Takes what {@link BitWriter#writeGamma} wrote. */
  int readGamma() {
    int zeros = 0;
    while (read(1) == 0) {
      if (++zeros == Integer.SIZE - 1) {
        throw malformed("a number beyond 31 bits");
      }
    }
    return 1 << zeros | read(zeros);
  }

  /**
   * Checks that nothing but padding is left.
   *
   * @throws MalformedCodeException if a whole byte or a 1 is
   */
  void expectPadding() {
    int rest = (int) Math.min(Byte.SIZE, 8L * bytes.length - bits());
    if (rest == Byte.SIZE || peek(rest) != 0) {
      throw malformed("more bits than the levels need");
    }
  }

  /** How many bytes there are in all. */
  int length() {
    return bytes.length;
  }

  /** How many bits were taken. */
  long bits() {
    return 8L * position - available;
  }

  /** The complaint that {@code what} is wrong with the last bits taken. */
  MalformedCodeException malformed(String what) {
    return new MalformedCodeException((int) (Math.max(0, bits() - 1) / 8), what);
  }

  private void refill() {
    if (bytes.length - position >= Long.BYTES) {
      accumulator |= (long) LONGS.get(bytes, position) >>> available;
      int taken = Long.SIZE - 1 - available >> 3;
      position += taken;
      available += 8 * taken;
    } else {
      while (position < bytes.length && available <= Long.SIZE - 8) {
        accumulator |= (bytes[position++] & 0xFFL) << Long.SIZE - 8 - available;
        available += 8;
      }
    }
  }
}
