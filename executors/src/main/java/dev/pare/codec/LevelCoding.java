package dev.pare.codec;

import java.util.Optional;

/** The codes for levels that a file may hold. */
public enum LevelCoding {
  /** Relative indices and Huffman codes, as in Deep Compression (Han, Mao and Dally 2016). */
  RELATIVE_HUFFMAN(1, new RelativeHuffmanCoder());

  private final int code;
  private final LevelCoder coder;

  LevelCoding(int code, LevelCoder coder) {
    this.code = code;
    this.coder = coder;
  }

  /** The number that stands for this coding in files, 0 to 255; never reused. */
  public int code() {
    return code;
  }

  /** The coder itself. */
  public LevelCoder coder() {
    return coder;
  }

  /** The coding of that number, if there is one. */
  public static Optional<LevelCoding> ofCode(int code) {
    for (LevelCoding coding : values()) {
      if (coding.code == code) {
        return Optional.of(coding);
      }
    }
    return Optional.empty();
  }
}
