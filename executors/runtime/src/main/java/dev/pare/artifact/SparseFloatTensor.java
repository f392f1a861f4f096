package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import dev.pare.codec.LevelMatrix;
import java.util.Arrays;
import java.util.Objects;

/** A pruned tensor: where it is not zero, and a float for each such place. */
public final class SparseFloatTensor implements CompressedTensor {
  private final LevelMatrix mask;
  private final float[] values;

  /**
   * @param mask 1 where a value is kept, else 0
   * @param values those kept, in row-major order, none of them zero; copied
   * @throws IllegalArgumentException if the mask has other levels, a value is zero, or there is not
   *     one for each 1
   */
  public SparseFloatTensor(LevelMatrix mask, float[] values) {
    this.mask = requireNonNull(mask, "mask is null");
    this.values = requireNonNull(values, "values is null").clone();
    if (mask.lowest() < 0 || mask.highest() > 1) {
      throw new IllegalArgumentException("not a mask: " + mask);
    }
    if (mask.nonzeros() != values.length) {
      throw new IllegalArgumentException(
          values.length + " values for a mask of " + mask.nonzeros());
    }
    if (DecodedValues.nonzeros(values) < values.length) {
      throw new IllegalArgumentException("a zero among the values kept");
    }
  }

  /**
   * The tensor of the nonzeros of {@code values}; zeros of either sign become plain ones.
   *
   * @param values row-major
   */
  public static SparseFloatTensor of(int rows, int columns, float[] values) {
    short[] mask = new short[values.length];
    float[] kept = new float[DecodedValues.nonzeros(values)];
    int next = 0;
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0) {
        mask[i] = 1;
        kept[next++] = values[i];
      }
    }
    return new SparseFloatTensor(new LevelMatrix(rows, columns, mask), kept);
  }

  @Override
  public Representation representation() {
    return Representation.SPARSE_FLOATS;
  }

  @Override
  public int rows() {
    return mask.rows();
  }

  @Override
  public int columns() {
    return mask.columns();
  }

  /** Level 1 for each value kept. */
  public LevelMatrix mask() {
    return mask;
  }

  /** The values kept, themselves, not a copy, and not to be changed. */
  public float[] values() {
    return values;
  }

  @Override
  public void decodeInto(float[] target, int offset) {
    Objects.checkFromIndexSize(offset, size(), target.length);
    int next = 0;
    for (int i = 0; i < mask.size(); i++) {
      target[offset + i] = mask.at(i) == 0 ? 0 : values[next++];
    }
  }

  @Override
  public int nonzeros() {
    return values.length;
  }

  @Override
  public int distinctValues() {
    int zero = nonzeros() < size() ? 1 : 0;
    return DecodedValues.distinct(values) + zero;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SparseFloatTensor that
        && mask.equals(that.mask)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * mask.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "SparseFloatTensor[" + mask + "]";
  }
}
