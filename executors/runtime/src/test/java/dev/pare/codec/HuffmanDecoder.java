package dev.pare.codec;

import java.util.Arrays;

/** The canonical prefix code of given lengths, for reading: one lookup a symbol. */
final class HuffmanDecoder {
  private static final int LENGTH_BITS = 4;

  // Indexed by the next `longest` bits: the symbol, and how many of the bits are its own.
  private final int[] table;
  private final int longest;

  /**
   * @param lengths of a complete code, or of one symbol alone, as {@link CodeLengthTable#read}
   *     gives them
   */
  HuffmanDecoder(byte[] lengths) {
    int most = 0;
    for (byte length : lengths) {
      most = Math.max(most, length);
    }
    boolean alone = CodeLengths.isAlone(lengths);
    longest = alone ? 0 : most;
    table = new int[1 << longest];
    int from = 0;
    for (int length = 1; length <= most; length++) {
      for (int symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] == length) {
          int to = alone ? 1 : from + (1 << longest - length);
          Arrays.fill(table, from, to, symbol << LENGTH_BITS | (alone ? 0 : length));
          from = to;
        }
      }
    }
  }

  /**
   * Takes one symbol.
   *
   * @throws MalformedCodeException if the bits end before it does
   */
  int read(BitReader in) {
    int entry = table[(int) in.peek(longest)];
    in.skip(entry & (1 << LENGTH_BITS) - 1);
    return entry >>> LENGTH_BITS;
  }
}
