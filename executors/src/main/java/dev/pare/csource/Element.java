package dev.pare.csource;

/** What a buffer is of. */
enum Element {
  /** Numbers. */
  FLOAT(Float.BYTES),
  /** Levels of a quantization, of 8 bits. */
  LEVEL(Byte.BYTES),
  /** Sums of an integer layer. */
  SUM(Integer.BYTES);

  private final int bytes;

  Element(int bytes) {
    this.bytes = bytes;
  }

  /** That each takes, and that the place of each is a multiple of. */
  int bytes() {
    return bytes;
  }
}
