package dev.pare.artifact;

import java.util.Optional;

/** How a file holds a tensor. */
public enum Representation {
  /** A float for every value. */
  FLOATS(1),
  /** A mask, and a float for every nonzero. */
  SPARSE_FLOATS(2),
  /** Levels, and one scale. */
  UNIFORM(3),
  /** Levels, and a scale for every row. */
  UNIFORM_ROWS(4),
  /** Levels, and a table of values. */
  CODEBOOK(5),
  /** A float for every value, each of half precision. */
  HALVES(6),
  /** A float for every value, each of quarter precision. */
  QUARTERS(7),
  /** Levels, and a scale for every run of some columns in a row that is not all zeros. */
  UNIFORM_GROUPS(8),
  /** Signs and exponents of powers of two. */
  POWERS(9),
  /** A word of a table for every run of some columns in a row. */
  PRODUCT(10);

  private final int code;

  Representation(int code) {
    this.code = code;
  }

  /** The number that stands for this representation in files, 0 to 127; never reused. */
  public int code() {
    return code;
  }

  /**
   * The representation of that number.
   *
   * @throws MalformedArtifactException if there is none
   */
  static Representation of(int code, ByteSource in) {
    return ofCode(code).orElseThrow(() -> in.invalid("tensor in unknown representation " + code));
  }

  static Optional<Representation> ofCode(int code) {
    for (Representation representation : values()) {
      if (representation.code == code) {
        return Optional.of(representation);
      }
    }
    return Optional.empty();
  }
}
