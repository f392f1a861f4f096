package dev.pare.codec;

/**
 * Where the bits of a code went.
 *
 * @param indexBits which weights are not zero
 * @param valueBits which level each of them has; all levels where a code has no index
 * @param tableBits whatever the code needs besides: parameters, code lengths, padding
 */
public record CodeCost(long indexBits, long valueBits, long tableBits) {
  /** All of them. */
  public long totalBits() {
    return indexBits + valueBits + tableBits;
  }
}
