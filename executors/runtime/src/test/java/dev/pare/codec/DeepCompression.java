package dev.pare.codec;

/** The reference code, for tests of other packages. */
public final class DeepCompression {
  private DeepCompression() {}

  /** How many bytes Deep Compression's code of {@code levels} has. */
  public static int bytes(LevelMatrix levels) {
    return new RelativeHuffmanCoder().encode(levels).bytes().length;
  }
}
