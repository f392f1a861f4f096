package dev.pare.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Appends bits to a growing array, the most significant bit of each byte first. */
final class BitWriter {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[64];
  private int position;
  // The low `pending` bits have not reached the array yet; fewer than 32 between calls.
  private long accumulator;
  private int pending;

  /** Appends the low {@code count} bits of {@code bits}, 0 to 32; the others must be 0. */
  void write(long bits, int count) {
    accumulator = accumulator << count | bits;
    pending += count;
    if (pending >= Integer.SIZE) {
      if (bytes.length - position < Integer.BYTES) {
        bytes = Arrays.copyOf(bytes, Math.multiplyExact(bytes.length, 2));
      }
      pending -= Integer.SIZE;
      INTS.set(bytes, position, (int) (accumulator >>> pending));
      position += Integer.BYTES;
    }
  }

  /** Appends {@code value ≥ 0}: its length in 5 bits, then its bits but the leading one. */
  void writeNumber(int value) {
    int length = Integer.SIZE - Integer.numberOfLeadingZeros(value);
    write(length, 5);
    if (length > 1) {
      write(value & (1 << (length - 1)) - 1, length - 1);
    }
  }

  /**
   * Appends the Elias gamma code of {@code value ≥ 1}: as many zeros as it has bits after the
   * first, then it.
   */
  void writeGamma(int value) {
    int zeros = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(value);
    write(0, zeros);
    write(value, zeros + 1);
  }

  /** How many bits were written. */
  long bits() {
    return 8L * position + pending;
  }

  /** All that was written, padded with zeros to whole bytes. */
  byte[] toBytes() {
    byte[] result = Arrays.copyOf(bytes, Math.toIntExact((bits() + 7) / 8));
    long rest = accumulator << Long.SIZE - pending;
    for (int i = position; i < result.length; i++) {
      result[i] = (byte) (rest >>> Long.SIZE - 8);
      rest <<= 8;
    }
    return result;
  }
}
