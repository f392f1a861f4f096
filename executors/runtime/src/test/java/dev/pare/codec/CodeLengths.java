package dev.pare.codec;

import java.util.Arrays;

/**
 * Lengths of the best prefix code with none longer than {@value #MAX}: package-merge (Larmore and
 * Hirschberg 1990).
 */
final class CodeLengths {
  /** The longest code word, so that one lookup decodes any. */
  static final int MAX = 15;

  private static final int SYMBOL_BITS = 16;

  private CodeLengths() {}

  /**
   * The length of each symbol's code word: 0 where the count is 0, and 1 for a symbol alone.
   *
   * @param counts how often each symbol occurs; at most 2^15 symbols
   */
  static byte[] of(int[] counts) {
    long[] leaves = sortedLeaves(counts);
    byte[] lengths = new byte[counts.length];
    int n = leaves.length;
    if (n == 1) {
      lengths[symbol(leaves[0])] = 1;
    }
    if (n < 2) {
      return lengths;
    }
    // At each level the leaves and the pairs of the level below, by weight: which are leaves.
    boolean[][] leafAt = new boolean[MAX][];
    long[] below = new long[0];
    for (int level = 0; level < MAX; level++) {
      int pairs = below.length / 2;
      long[] merged = new long[n + pairs];
      boolean[] isLeaf = new boolean[merged.length];
      int leaf = 0;
      int pair = 0;
      for (int i = 0; i < merged.length; i++) {
        long pairWeight = pair < pairs ? below[2 * pair] + below[2 * pair + 1] : Long.MAX_VALUE;
        if (leaf < n && weight(leaves[leaf]) <= pairWeight) {
          merged[i] = weight(leaves[leaf++]);
          isLeaf[i] = true;
        } else {
          merged[i] = pairWeight;
          pair++;
        }
      }
      leafAt[level] = isLeaf;
      below = merged;
    }
    // The 2n − 2 lightest at the top; each pair among them stands for two of the level below.
    int chosen = 2 * n - 2;
    for (int level = MAX - 1; level >= 0; level--) {
      int chosenLeaves = 0;
      for (int i = 0; i < chosen; i++) {
        if (leafAt[level][i]) {
          lengths[symbol(leaves[chosenLeaves++])]++;
        }
      }
      chosen = 2 * (chosen - chosenLeaves);
    }
    return lengths;
  }

  /** Bits that the counted symbols take with code words of these lengths. */
  static long bits(int[] counts, byte[] lengths) {
    if (isAlone(lengths)) {
      return 0;
    }
    long bits = 0;
    for (int symbol = 0; symbol < counts.length; symbol++) {
      bits += (long) counts[symbol] * lengths[symbol];
    }
    return bits;
  }

  /** Whether only one symbol has a code word; it then needs no bits. */
  static boolean isAlone(byte[] lengths) {
    int present = 0;
    for (byte length : lengths) {
      if (length != 0) {
        present++;
      }
    }
    return present == 1;
  }

  private static long[] sortedLeaves(int[] counts) {
    long[] leaves = new long[counts.length];
    int n = 0;
    for (int symbol = 0; symbol < counts.length; symbol++) {
      if (counts[symbol] > 0) {
        leaves[n++] = (long) counts[symbol] << SYMBOL_BITS | symbol;
      }
    }
    leaves = Arrays.copyOf(leaves, n);
    Arrays.sort(leaves);
    return leaves;
  }

  private static long weight(long leaf) {
    return leaf >>> SYMBOL_BITS;
  }

  private static int symbol(long leaf) {
    return (int) (leaf & (1 << SYMBOL_BITS) - 1);
  }
}
