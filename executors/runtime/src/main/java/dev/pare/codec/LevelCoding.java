package dev.pare.codec;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/** The codes for levels that a file may hold. */
public enum LevelCoding {
  /** Adaptive arithmetic coding of bits under mixed contexts. */
  CONTEXT_ARITHMETIC(1);

  private final int code;

  LevelCoding(int code) {
    this.code = code;
  }

  /** The number that stands for this coding in files, 0 to 255; never reused. */
  public int code() {
    return code;
  }

  /** The coder of levels of which nothing is known before. */
  public LevelCoder coder() {
    return new ContextArithmeticCoder(null);
  }

  /** The coder of levels whose values began there, which whoever decodes them must know too. */
  public LevelCoder coder(InitialValues starts) {
    return new ContextArithmeticCoder(requireNonNull(starts, "starts is null"));
  }

  /** The coder of such levels whose codes begin with that head, and not with the best one. */
  public LevelCoder coder(CodeHead head) {
    return new ContextArithmeticCoder(null, requireNonNull(head, "head is null"));
  }

  /** The same of levels whose values began there. */
  public LevelCoder coder(InitialValues starts, CodeHead head) {
    return new ContextArithmeticCoder(
        requireNonNull(starts, "starts is null"), requireNonNull(head, "head is null"));
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
