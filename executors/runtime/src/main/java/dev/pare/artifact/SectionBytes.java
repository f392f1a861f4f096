package dev.pare.artifact;

import dev.pare.codec.CodeCost;

/**
 * Where the bytes of a tensor's section went.
 *
 * @param header what says how to read the rest
 * @param index positions of what is not zero
 * @param value codes of what is not zero, or its floats
 * @param codebook centroids, scales, and the tables of codes
 */
record SectionBytes(long header, long index, long value, long codebook) {
  /** A content of values only. */
  static SectionBytes ofValues(long bytes) {
    return new SectionBytes(0, 0, bytes, 0);
  }

  /** A level code; its bits rounded to bytes such that the sum stays. */
  static SectionBytes ofCode(CodeCost cost) {
    long total = cost.totalBits() / Byte.SIZE;
    long index = Math.min(total, Math.round(cost.indexBits() / (double) Byte.SIZE));
    long value = Math.min(total - index, Math.round(cost.valueBits() / (double) Byte.SIZE));
    return new SectionBytes(0, index, value, total - index - value);
  }

  SectionBytes plus(SectionBytes more) {
    return new SectionBytes(
        header + more.header, index + more.index, value + more.value, codebook + more.codebook);
  }

  SectionBytes plusHeader(long bytes) {
    return new SectionBytes(header + bytes, index, value, codebook);
  }

  SectionBytes plusCodebook(long bytes) {
    return new SectionBytes(header, index, value, codebook + bytes);
  }
}
