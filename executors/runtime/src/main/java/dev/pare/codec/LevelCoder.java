package dev.pare.codec;

/**
 * A lossless code for levels. Coders have no state: the same levels always give the same bytes, on
 * any machine, and one coder may serve several threads.
 */
public interface LevelCoder {
  /** The code of {@code levels}, without their shape, and what its parts cost. */
  EncodedLevels encode(LevelMatrix levels);

  /**
   * The levels that were encoded, and what the parts of their code cost, as {@link #encode} said
   * when it made it. Allocates no more than a {@code rows × columns} matrix and small tables,
   * whatever the bytes say: the caller vouches for the shape.
   *
   * @param code exactly what {@link #encode} gave
   * @throws MalformedCodeException if it is not a code of such a matrix
   */
  DecodedLevels decode(byte[] code, int rows, int columns);
}
