package dev.pare.codec;

import static java.util.Objects.requireNonNull;

/** The code of a level matrix, and what its parts cost. */
public final class EncodedLevels {
  private final byte[] bytes;
  private final CodeCost cost;

  /** Keeps {@code bytes} itself: the caller gives it away. */
  EncodedLevels(byte[] bytes, CodeCost cost) {
    this.bytes = requireNonNull(bytes, "bytes is null");
    this.cost = requireNonNull(cost, "cost is null");
    if (cost.totalBits() != 8L * bytes.length) {
      throw new IllegalArgumentException(cost + " for " + bytes.length + " bytes");
    }
  }

  /** A copy of the code. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** What the parts of the code cost, {@code 8 · bytes().length} in total. */
  public CodeCost cost() {
    return cost;
  }
}
