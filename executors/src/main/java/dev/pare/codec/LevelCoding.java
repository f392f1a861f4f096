package dev.pare.codec;

import java.util.Optional;

/** The codes for levels that a file may hold. */
public enum LevelCoding {
  /** Adaptive arithmetic coding of bits under mixed contexts. */
  CONTEXT_ARITHMETIC(1, new ContextArithmeticCoder());

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
