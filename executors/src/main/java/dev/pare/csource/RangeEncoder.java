package dev.pare.csource;

import java.util.Arrays;

/**
 * Arithmetic code in integers of 32 bits (range coding, Martin 1979; carries go into the bytes
 * before). The interval begins as [0, 2³² − 1); a bit that is 1 with a probability p/2¹² takes the
 * lower {@code (range >> 12) · p} of it if it is 1, the rest if it is 0; while the range is below
 * 2²⁴ the highest byte is shifted out. What decodes it begins with the first four bytes, the high
 * one first, and reads zeros behind the end.
 */
final class RangeEncoder {
  private static final int PROBABILITY_BITS = 12;
  private static final long BYTE_LIMIT = 1L << 24;
  private static final long MASK = 0xFFFF_FFFFL;

  private byte[] bytes = new byte[64];
  private int length;
  private long low;
  private long range = MASK;

  /**
   * @param probability of a 1, in 1/4096, 1 to 4095
   */
  void encode(int bit, int probability) {
    long ones = (range >>> PROBABILITY_BITS) * probability;
    if (bit == 1) {
      range = ones;
    } else {
      low += ones;
      range -= ones;
    }
    while (range < BYTE_LIMIT) {
      range <<= Byte.SIZE;
      shift();
    }
  }

  private void shift() {
    carry();
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = (byte) (low >>> 24);
    low = low << Byte.SIZE & MASK;
  }

  private void carry() {
    if (low > MASK) {
      low &= MASK;
      int at = length;
      do {
        at--;
        bytes[at]++;
      } while (bytes[at] == 0);
    }
  }

  /**
   * The fewest bytes, at least one, that name a number within the interval, zeros following them.
   */
  byte[] finish() {
    long high = low + range - 1;
    int zeros = Integer.SIZE;
    while (zeros > 0 && high >>> zeros << zeros < low) {
      zeros--;
    }
    low = high >>> zeros << zeros;
    carry();
    for (int i = 0; i < Integer.BYTES; i++) {
      shift();
    }
    int end = length;
    while (end > 1 && bytes[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }
}
