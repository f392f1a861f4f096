package dev.pare.data;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Examples whose features are in a {@link LocalFile}: the operating system has as much of it in
 * memory as there is room for, beside the heap.
 */
abstract class MappedExamples extends LabelledExamples {
  /** About how long a piece of the file is that is mapped at once: a buffer's most is 2 GiB. */
  private static final int PIECE = 1 << 30;

  private final int valueBytes;

  /** How many examples each piece has, of which the last may have fewer. */
  private final int pieceExamples;

  /**
   * @param piece about how many bytes to map at once
   */
  private MappedExamples(int features, int valueBytes, int[] labels, int classes, int piece) {
    super(features, labels, classes);
    if ((long) features * valueBytes > Integer.MAX_VALUE) {
      throw new DataException(
          "examples of %d values: more than %d bytes each".formatted(features, Integer.MAX_VALUE));
    }
    this.valueBytes = valueBytes;
    this.pieceExamples = Math.max(1, piece / (features * valueBytes));
  }

  /**
   * Unsigned bytes.
   *
   * @param values a file of all examples' features, which is mapped and closed
   */
  static MappedExamples ofBytes(LocalFile values, int features, int[] labels, int classes) {
    return new OfBytes(values, features, labels, classes, PIECE);
  }

  /**
   * Floats in the machine's order of bytes.
   *
   * @param values a file of all examples' features, which is mapped and closed
   */
  static MappedExamples ofFloats(LocalFile values, int features, int[] labels, int classes) {
    return new OfFloats(values, features, labels, classes, PIECE);
  }

  final ByteBuffer[] map(LocalFile values) {
    checkValues(values.size() / valueBytes);
    return values.map((long) pieceExamples * features() * valueBytes);
  }

  final int piece(int index) {
    return index / pieceExamples;
  }

  /** The place of an example's first feature among those of its piece. */
  final int start(int index) {
    return index % pieceExamples * features();
  }

  @Override
  public final long bytes() {
    return (long) size() * Integer.BYTES;
  }

  @Override
  public final long diskBytes() {
    return (long) size() * features() * valueBytes;
  }

  static final class OfBytes extends MappedExamples {
    private final ByteBuffer[] pieces;

    OfBytes(LocalFile values, int features, int[] labels, int classes, int piece) {
      super(features, Byte.BYTES, labels, classes, piece);
      this.pieces = map(values);
    }

    @Override
    public void copyFeatures(int index, float[] target, int offset) {
      ByteBuffer piece = pieces[piece(index)];
      int start = start(index);
      int length = features();
      for (int i = 0; i < length; i++) {
        target[offset + i] = piece.get(start + i) & 0xFF;
      }
    }
  }

  static final class OfFloats extends MappedExamples {
    private final FloatBuffer[] pieces;

    OfFloats(LocalFile values, int features, int[] labels, int classes, int piece) {
      super(features, Float.BYTES, labels, classes, piece);
      this.pieces =
          Arrays.stream(map(values)).map(ByteBuffer::asFloatBuffer).toArray(FloatBuffer[]::new);
    }

    @Override
    public void copyFeatures(int index, float[] target, int offset) {
      pieces[piece(index)].get(start(index), target, offset, features());
    }
  }
}
