package dev.pare.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Examples whose features are in a {@link LocalFile}: the operating system has as much of it in
 * memory as is free, beside the heap.
 */
final class DiskExamples extends LabelledExamples {
  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  private final LocalFile file;
  private final long start;
  private final Type type;
  private final int exampleBytes;

  /** An example's bytes. */
  private final ThreadLocal<byte[]> row;

  /** What a feature is. */
  enum Type {
    UNSIGNED_BYTE(Byte.BYTES),
    /** Of 32 bits, little-endian. */
    FLOAT(Float.BYTES);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  /**
   * Keeps the labels, which the caller must not write to again.
   *
   * @param start where the features begin, which go on to the end of what was written so far
   */
  DiskExamples(LocalFile file, long start, Type type, int features, int[] labels, int classes) {
    super(features, labels, classes);
    if ((long) features * type.bytes > FeatureStorage.LONGEST_ARRAY) {
      throw new DataException(
          "examples of %d values: more than %d bytes each"
              .formatted(features, FeatureStorage.LONGEST_ARRAY));
    }
    this.file = file;
    this.start = start;
    this.type = type;
    this.exampleBytes = features * type.bytes;
    this.row = ThreadLocal.withInitial(() -> new byte[exampleBytes]);
    checkValues((file.size() - start) / type.bytes);
    file.flush();
  }

  @Override
  public long bytes() {
    return (long) size() * Integer.BYTES;
  }

  @Override
  public long diskBytes() {
    return (long) size() * exampleBytes;
  }

  @Override
  public void copyFeatures(int index, float[] target, int offset) {
    Objects.checkIndex(index, size());
    byte[] from = row.get();
    file.read(start + (long) index * exampleBytes, from, exampleBytes);
    int length = features();
    switch (type) {
      case UNSIGNED_BYTE -> {
        for (int i = 0; i < length; i++) {
          target[offset + i] = from[i] & 0xFF;
        }
      }
      case FLOAT -> {
        for (int i = 0; i < length; i++) {
          target[offset + i] = (float) FLOATS.get(from, i * Float.BYTES);
        }
      }
    }
  }

  @Override
  public boolean areBytes() {
    return type == Type.UNSIGNED_BYTE;
  }

  @Override
  public void copyBytes(int index, byte[] target, int offset) {
    if (!areBytes()) {
      super.copyBytes(index, target, offset);
    }
    Objects.checkIndex(index, size());
    byte[] from = row.get();
    file.read(start + (long) index * exampleBytes, from, exampleBytes);
    System.arraycopy(from, 0, target, offset, exampleBytes);
  }

  /** Some floats as a file has them. */
  static byte[] bytes(float[] numbers, int from, int to) {
    byte[] bytes = new byte[(to - from) * Float.BYTES];
    for (int i = from; i < to; i++) {
      FLOATS.set(bytes, (i - from) * Float.BYTES, numbers[i]);
    }
    return bytes;
  }
}
