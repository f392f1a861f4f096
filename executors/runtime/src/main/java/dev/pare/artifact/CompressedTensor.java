package dev.pare.artifact;

/** A tensor as a file holds it: {@code rows × columns} values, row-major. Immutable. */
public sealed interface CompressedTensor
    permits FloatTensor, SparseFloatTensor, LevelTensor, ProductTensor {
  /** How the values are held; switch over this. */
  Representation representation();

  int rows();

  int columns();

  /** How many values there are. */
  default int size() {
    return rows() * columns();
  }

  /**
   * Puts all values into {@code target}, the first at {@code offset}. The same floats on every
   * machine.
   *
   * @throws IndexOutOfBoundsException if they do not fit there
   */
  void decodeInto(float[] target, int offset);

  /** All values, in an array of their own. */
  default float[] toFloats() {
    float[] values = new float[size()];
    decodeInto(values, 0);
    return values;
  }

  /** Whether columns can go or change places: not where runs of them belong together. */
  default boolean hasFreeColumns() {
    return true;
  }

  /** How many values are not zero. */
  int nonzeros();

  /** How many different values there are, zero included where it occurs. */
  int distinctValues();
}
