package dev.pare.data;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Features that are bytes, as they come. Memory grows as they do, up to what the {@link
 * FeatureStorage} has; more go to a file.
 */
final class GrowingBytes {
  private final FeatureStorage storage;
  private byte[] values = {};
  private int size;
  private @Nullable LocalFile file;
  private long start;

  GrowingBytes(FeatureStorage storage) {
    this.storage = storage;
  }

  void add(byte[] from, int offset, int length) {
    if (file == null && length > values.length - size) {
      grow((long) size + length);
    }
    if (file != null) {
      file.write(from, offset, length);
      return;
    }
    System.arraycopy(from, offset, values, size, length);
    size += length;
  }

  /** Makes room, on the heap or in a file. */
  private void grow(long needed) {
    int capacity = GrowingFloats.grown(values.length, needed);
    if (capacity >= needed && storage.take(capacity - values.length)) {
      values = Arrays.copyOf(values, capacity);
      return;
    }
    file = storage.file();
    start = file.size();
    file.write(values, 0, size);
    storage.release(values.length);
    values = new byte[0];
  }

  /**
   * The examples that they are the features of, in order. No more are taken afterwards.
   *
   * @param labels kept
   */
  Examples toExamples(int features, int[] labels, int classes) {
    if (file != null) {
      return new DiskExamples(
          file, start, DiskExamples.Type.UNSIGNED_BYTE, features, labels, classes);
    }
    storage.release(values.length - size);
    values = Arrays.copyOf(values, size);
    return new ByteExamples(values, features, labels, classes);
  }
}
