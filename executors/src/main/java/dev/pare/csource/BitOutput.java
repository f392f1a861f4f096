package dev.pare.csource;

import java.io.ByteArrayOutputStream;

/** Bits in bytes, the low ones of a byte first. */
final class BitOutput {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int last;
  private int count;

  /** Adds the low bits of a number, the lowest first. */
  void add(int number, int bits) {
    for (int i = 0; i < bits; i++) {
      last |= (number >>> i & 1) << count++;
      if (count == Byte.SIZE) {
        bytes.write(last);
        last = 0;
        count = 0;
      }
    }
  }

  /** A number in Golomb–Rice code: zeros for all but the low bits, a one, the low bits. */
  void addRice(int number, int low) {
    for (int i = number >>> low; i > 0; i--) {
      add(0, 1);
    }
    add(1, 1);
    add(number, low);
  }

  byte[] finish() {
    add(0, (Byte.SIZE - count) % Byte.SIZE);
    return bytes.toByteArray();
  }
}
