package dev.pare.codec;

import java.util.PriorityQueue;

/**
 * What levels would take in Deep Compression's format (Han, Mao and Dally 2016), for comparison:
 * for each nonzero the number of zeros before it in a few bits, with filler zeros where it does not
 * fit, and its level, both in Huffman codes.
 */
public final class RelativeHuffman {
  private static final int MOST_WIDTH = 12;
  // Of the table of code lengths.
  private static final int LENGTH_BITS = 4;

  private RelativeHuffman() {}

  /** Bits at the index width that is best, tables of code lengths included. */
  public static long bits(LevelMatrix levels) {
    long least = Long.MAX_VALUE;
    for (int width = 0; width <= MOST_WIDTH; width++) {
      least = Math.min(least, bits(levels, width));
    }
    return least;
  }

  private static long bits(LevelMatrix levels, int width) {
    long[] gaps = new long[1 << width];
    long[] values = new long[2 * LevelMatrix.MAX_MAGNITUDE + 1];
    int gap = 0;
    for (int i = 0; i < levels.size(); i++) {
      if (levels.at(i) == 0) {
        gap++;
        continue;
      }
      int fillers = gap >> width;
      gaps[gaps.length - 1] += fillers;
      values[LevelMatrix.MAX_MAGNITUDE] += fillers;
      gaps[gap & gaps.length - 1]++;
      values[LevelMatrix.MAX_MAGNITUDE + levels.at(i)]++;
      gap = 0;
    }
    return huffmanBits(gaps) + huffmanBits(values);
  }

  /** The sum of all merged weights is the length of the code. */
  private static long huffmanBits(long[] counts) {
    PriorityQueue<Long> nodes = new PriorityQueue<>();
    for (long count : counts) {
      if (count > 0) {
        nodes.add(count);
      }
    }
    long bits = (long) LENGTH_BITS * nodes.size();
    while (nodes.size() > 1) {
      long merged = nodes.remove() + nodes.remove();
      bits += merged;
      nodes.add(merged);
    }
    return bits;
  }
}
