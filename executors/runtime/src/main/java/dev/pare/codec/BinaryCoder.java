package dev.pare.codec;

import java.util.Arrays;

/**
 * An arithmetic coder of bits, each under a probability of its own; package-info specifies the
 * bytes. One coder either writes or reads: whoever drives it does the same for both. A pricing
 * coder does neither: it adds up what bits would cost, and nothing is learned from them.
 */
final class BinaryCoder {
  private static final int STATE_BITS = 40;
  private static final int STATE_BYTES = STATE_BITS / Byte.SIZE;
  private static final long STATE_MASK = (1L << STATE_BITS) - 1;
  private static final long LEAST_RANGE = 1L << STATE_BITS - Byte.SIZE;
  private static final int HALF = 1 << Logistic.PROBABILITY_BITS - 1;

  private final boolean reading;
  private final boolean pricing;
  private byte[] bytes;
  private int position;
  // The interval within which the code lies, less what has been shifted out.
  private long low;
  private long range = STATE_MASK;
  // When reading: the code less low.
  private long offset;
  private long price;

  private enum Task {
    WRITE,
    READ,
    PRICE
  }

  private BinaryCoder(Task task, byte[] bytes, int position) {
    this.reading = task == Task.READ;
    this.pricing = task == Task.PRICE;
    this.bytes = bytes;
    this.position = position;
  }

  /** A coder that writes after {@code head}. */
  static BinaryCoder writing(byte[] head) {
    return new BinaryCoder(Task.WRITE, Arrays.copyOf(head, head.length + 64), head.length);
  }

  /** A coder that reads what one wrote which began there. */
  static BinaryCoder reading(byte[] code, int from) {
    BinaryCoder coder = new BinaryCoder(Task.READ, code, from);
    for (int i = 0; i < STATE_BYTES; i++) {
      coder.offset = coder.offset << Byte.SIZE | coder.nextByte();
    }
    return coder;
  }

  /** A coder that prices. */
  static BinaryCoder pricing() {
    return new BinaryCoder(Task.PRICE, new byte[0], 0);
  }

  /** Whether it prices. */
  boolean isPricing() {
    return pricing;
  }

  /** Adds what it would cost to code a bit; returns the bit. */
  int price(int probability, int bit) {
    price += Logistic.cost(bit == 1 ? probability : 2 * HALF - probability);
    return bit;
  }

  /** What was priced since the last call, in 2^−{@value Logistic#COST_BITS} bits. */
  long takePrice() {
    long sum = price;
    price = 0;
    return sum;
  }

  /** Whether it reads. */
  boolean reading() {
    return reading;
  }

  /**
   * Codes a bit.
   *
   * @param probability that it is 1, in 2^−16, neither 0 nor 1
   * @param bit to write; ignored when reading
   * @return the bit
   */
  int code(int probability, int bit) {
    long ones = (range >>> Logistic.PROBABILITY_BITS) * probability;
    int coded = reading ? (offset < ones ? 1 : 0) : bit;
    if (coded == 1) {
      range = ones;
    } else {
      low += ones;
      offset -= ones;
      range -= ones;
    }
    while (range < LEAST_RANGE) {
      shift();
    }
    return coded;
  }

  /** Codes a bit that is 0 or 1 alike, or prices it. */
  int codeEvenly(int bit) {
    if (pricing) {
      price += 1L << Logistic.COST_BITS;
      return bit;
    }
    return code(HALF, bit);
  }

  /** Codes {@code count} bits that are 0 or 1 alike. */
  int codeEvenly(int value, int count) {
    int coded = 0;
    for (int i = count - 1; i >= 0; i--) {
      coded = coded << 1 | codeEvenly(value >>> i & 1);
    }
    return coded;
  }

  /** All that was written, head included. */
  byte[] finish() {
    int tail = tailBytes();
    long end = tailValue(tail);
    if (end > STATE_MASK) {
      carry();
    }
    byte[] result = Arrays.copyOf(bytes, position + tail);
    for (int i = 0; i < tail; i++) {
      result[position + i] = (byte) (end >>> STATE_BITS - Byte.SIZE * (i + 1));
    }
    return result;
  }

  /**
   * Checks that the code ends as {@link #finish} ends one.
   *
   * @throws MalformedCodeException if it does not
   */
  void expectEnd() {
    int start = position - STATE_BYTES;
    int tail = tailBytes();
    if (start + tail != bytes.length) {
      throw new MalformedCodeException(
          Math.min(start + tail, bytes.length), "more or fewer bytes than the levels need");
    }
    if (low + offset != tailValue(tail)) {
      throw new MalformedCodeException(start, "not how a code of these levels ends");
    }
  }

  private void shift() {
    if (!reading) {
      if (low > STATE_MASK) {
        carry();
      }
      if (position == bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.multiplyExact(bytes.length, 2));
      }
      bytes[position++] = (byte) (low >>> STATE_BITS - Byte.SIZE);
    } else {
      offset = offset << Byte.SIZE | nextByte();
    }
    low = low << Byte.SIZE & STATE_MASK;
    range <<= Byte.SIZE;
  }

  /** Adds 1 to the bytes written. */
  private void carry() {
    int i = position - 1;
    while (++bytes[i] == 0) {
      i--;
    }
  }

  private int nextByte() {
    if (position >= bytes.length + STATE_BYTES) {
      throw new MalformedCodeException(bytes.length, "code is cut off");
    }
    int at = position++;
    return at < bytes.length ? bytes[at] & 0xFF : 0;
  }

  /** With how few bytes, and zeros after them, a number in the interval can be written. */
  private int tailBytes() {
    int count = 0;
    while (tailValue(count) - low >= range) {
      count++;
    }
    return count;
  }

  /** The least number of that many bytes, and zeros after them, that is not below the interval. */
  private long tailValue(int count) {
    long rest = STATE_MASK >>> Byte.SIZE * count;
    return low + rest & ~rest;
  }
}
