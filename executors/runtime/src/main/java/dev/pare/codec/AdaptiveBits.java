package dev.pare.codec;

import java.util.Arrays;

/** Codes bits under probabilities of one context each, which are means at first. */
final class AdaptiveBits {
  private static final int EVEN = 1 << Logistic.PROBABILITY_BITS - 1;
  private static final int LEAST = 1 << 6;
  private static final int MOST_COUNT = 60;

  private final int[] probabilities;
  private final byte[] counts;

  AdaptiveBits(int contexts) {
    probabilities = new int[contexts];
    counts = new byte[contexts];
    Arrays.fill(probabilities, EVEN);
  }

  /** Codes a bit, which is ignored when reading, and learns it; returns it. */
  int code(BinaryCoder coder, int bit, int context) {
    int p = probabilities[context];
    int coded = coder.code(Math.max(LEAST, Math.min(2 * EVEN - LEAST, p)), bit);
    int count = counts[context];
    probabilities[context] = p + (2 * EVEN * coded - p) * 2 / (2 * count + 3);
    counts[context] = (byte) Math.min(MOST_COUNT, count + 1);
    return coded;
  }
}
