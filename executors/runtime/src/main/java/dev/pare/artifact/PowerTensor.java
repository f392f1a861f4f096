package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import dev.pare.codec.LevelMatrix;
import java.util.Objects;

/**
 * A tensor of zeros and powers of two of either sign. Levels count them away from zero: 1 is {@code
 * 2^least}, −3 is {@code −2^(least + 2)}.
 */
public final class PowerTensor implements LevelTensor {
  /** The least exponent there may be. */
  public static final int LEAST_EXPONENT = Byte.MIN_VALUE;

  private final LevelMatrix levels;
  private final int least;

  /**
   * @param least exponent of level 1
   * @throws IllegalArgumentException if that is below {@value #LEAST_EXPONENT}, or the greatest
   *     value would be infinite
   */
  public PowerTensor(LevelMatrix levels, int least) {
    this.levels = requireNonNull(levels, "levels is null");
    this.least = least;
    int most = Math.max(1, Math.max(-levels.lowest(), levels.highest()));
    if (least < LEAST_EXPONENT || least + most - 1 > Float.MAX_EXPONENT) {
      throw new IllegalArgumentException(
          "exponents from %d to %d: must be from %d to %d"
              .formatted(least, least + most - 1, LEAST_EXPONENT, Float.MAX_EXPONENT));
    }
  }

  @Override
  public Representation representation() {
    return Representation.POWERS;
  }

  @Override
  public int rows() {
    return levels.rows();
  }

  @Override
  public int columns() {
    return levels.columns();
  }

  @Override
  public PowerTensor withLevels(LevelMatrix other) {
    return new PowerTensor(other, least);
  }

  @Override
  public LevelMatrix levels() {
    return levels;
  }

  /** Exponent of level 1. */
  public int least() {
    return least;
  }

  @Override
  public void decodeInto(float[] target, int offset) {
    Objects.checkFromIndexSize(offset, size(), target.length);
    float[] table = new float[Math.max(-levels.lowest(), levels.highest()) + 1];
    for (int magnitude = 1; magnitude < table.length; magnitude++) {
      table[magnitude] = Math.scalb(1f, least + magnitude - 1);
    }
    for (int i = 0; i < levels.size(); i++) {
      int level = levels.at(i);
      target[offset + i] = level < 0 ? -table[-level] : table[level];
    }
  }

  @Override
  public int nonzeros() {
    return levels.nonzeros();
  }

  @Override
  public int distinctValues() {
    return DecodedValues.distinct(toFloats());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PowerTensor that && least == that.least && levels.equals(that.levels);
  }

  @Override
  public int hashCode() {
    return 31 * levels.hashCode() + least;
  }

  @Override
  public String toString() {
    return "PowerTensor[" + levels + ", least 2^" + least + "]";
  }
}
