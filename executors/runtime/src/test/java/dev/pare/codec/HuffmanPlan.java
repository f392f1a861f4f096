package dev.pare.codec;

/** The best code for symbols of known counts, and what it will cost. */
final class HuffmanPlan {
  private final byte[] lengths;
  private final long codeBits;
  private final long tableBits;

  HuffmanPlan(int[] counts) {
    lengths = CodeLengths.of(counts);
    codeBits = CodeLengths.bits(counts, lengths);
    BitWriter table = new BitWriter();
    CodeLengthTable.write(lengths, table);
    tableBits = table.bits();
  }

  /** The code length of each symbol. */
  byte[] lengths() {
    return lengths;
  }

  /** Bits of all the symbols counted. */
  long codeBits() {
    return codeBits;
  }

  /** Bits of the symbols counted and of the code lengths. */
  long totalBits() {
    return codeBits + tableBits;
  }
}
