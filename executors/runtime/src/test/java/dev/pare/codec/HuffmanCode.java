package dev.pare.codec;

/** The canonical prefix code of given lengths, for writing. */
final class HuffmanCode {
  private final short[] words;
  private final byte[] lengths;

  /**
   * @param lengths as {@link CodeLengths#of} gives them
   */
  HuffmanCode(byte[] lengths) {
    // A symbol alone needs no bits.
    this.lengths = CodeLengths.isAlone(lengths) ? new byte[lengths.length] : lengths;
    words = new short[lengths.length];
    int word = 0;
    for (int length = 1; length <= CodeLengths.MAX; length++) {
      word <<= 1;
      for (int symbol = 0; symbol < lengths.length; symbol++) {
        if (this.lengths[symbol] == length) {
          words[symbol] = (short) word++;
        }
      }
    }
  }

  void write(int symbol, BitWriter out) {
    out.write(words[symbol], lengths[symbol]);
  }
}
