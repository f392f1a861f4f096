package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import dev.pare.codec.LevelMatrix;
import java.util.Arrays;
import java.util.Objects;

/**
 * A tensor on a symmetric grid: a value is its level times a scale, the tensor's or its row's, in
 * float arithmetic.
 */
public final class UniformTensor implements LevelTensor {
  private final LevelMatrix levels;
  private final float[] scales;

  /**
   * @param scales one for the tensor, or one for each row; copied
   * @throws IllegalArgumentException if there are more or fewer, or one is negative or not finite
   */
  public UniformTensor(LevelMatrix levels, float[] scales) {
    this.levels = requireNonNull(levels, "levels is null");
    this.scales = requireNonNull(scales, "scales is null").clone();
    if (scales.length != 1 && scales.length != levels.rows()) {
      throw new IllegalArgumentException(scales.length + " scales for " + levels.rows() + " rows");
    }
    for (float scale : scales) {
      if (!(scale >= 0 && scale <= Float.MAX_VALUE)) {
        throw new IllegalArgumentException("scale = " + scale + ": must be at least 0 and finite");
      }
    }
  }

  @Override
  public Representation representation() {
    return scales.length == 1 ? Representation.UNIFORM : Representation.UNIFORM_ROWS;
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
  public LevelMatrix levels() {
    return levels;
  }

  /** From a level of a row to the next. */
  public float scale(int row) {
    return scales[scales.length == 1 ? 0 : row];
  }

  @Override
  public UniformTensor withLevels(LevelMatrix other) {
    return new UniformTensor(other, scales);
  }

  /** The scales themselves, not a copy, and not to be changed. */
  public float[] scales() {
    return scales;
  }

  @Override
  public void decodeInto(float[] target, int offset) {
    Objects.checkFromIndexSize(offset, size(), target.length);
    int columns = columns();
    for (int row = 0; row < rows(); row++) {
      float scale = scale(row);
      int end = (row + 1) * columns;
      for (int i = row * columns; i < end; i++) {
        target[offset + i] = levels.at(i) * scale;
      }
    }
  }

  @Override
  public int nonzeros() {
    return levels.nonzeros();
  }

  @Override
  public int distinctValues() {
    float[] values = new float[size()];
    decodeInto(values, 0);
    return DecodedValues.distinct(values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UniformTensor that
        && levels.equals(that.levels)
        && Arrays.equals(scales, that.scales);
  }

  @Override
  public int hashCode() {
    return 31 * levels.hashCode() + Arrays.hashCode(scales);
  }

  @Override
  public String toString() {
    return "UniformTensor[" + levels + ", " + scales.length + " scales]";
  }
}
