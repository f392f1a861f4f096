package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * A tensor with a float for every value: biases, and weights that nothing was done to. Where all of
 * them have half or quarter precision, two bytes or one each hold them.
 */
public final class FloatTensor implements CompressedTensor {
  private final int rows;
  private final int columns;
  private final float[] values;
  private final Representation representation;

  /**
   * @param values row-major, copied
   * @throws IllegalArgumentException if they are not {@code rows × columns}, both at least 1
   */
  public FloatTensor(int rows, int columns, float[] values) {
    this.values = requireNonNull(values, "values is null").clone();
    if (rows < 1 || columns < 1 || (long) rows * columns != values.length) {
      throw new IllegalArgumentException(
          values.length + " values for a tensor of " + rows + "×" + columns);
    }
    this.rows = rows;
    this.columns = columns;
    representation =
        switch (FloatTable.width(values)) {
          case SINGLES -> Representation.FLOATS;
          case HALVES -> Representation.HALVES;
          case QUARTERS -> Representation.QUARTERS;
        };
  }

  @Override
  public Representation representation() {
    return representation;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  /** The values themselves, not a copy, and not to be changed. */
  public float[] values() {
    return values;
  }

  @Override
  public void decodeInto(float[] target, int offset) {
    System.arraycopy(values, 0, target, offset, values.length);
  }

  @Override
  public int nonzeros() {
    return DecodedValues.nonzeros(values);
  }

  @Override
  public int distinctValues() {
    return DecodedValues.distinct(values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FloatTensor that
        && rows == that.rows
        && columns == that.columns
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * rows + columns) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "FloatTensor[" + rows + "×" + columns + "]";
  }
}
