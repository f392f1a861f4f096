package dev.pare.data;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that come one row after the other. Memory grows as they do, of features up to what the
 * {@link FeatureStorage} has; more go to a file.
 */
final class GrowingFloats {
  /** How many are made bytes of at once. */
  private static final int PIECE = 1 << 16;

  private final FeatureStorage storage;
  private float[] values = {};
  private int size;
  private @Nullable LocalFile file;
  private long start;

  GrowingFloats(FeatureStorage storage) {
    this.storage = storage;
  }

  /** Those that are always on the heap. */
  static GrowingFloats onHeap() {
    return new GrowingFloats(new FeatureStorage(Long.MAX_VALUE));
  }

  /** Makes room for a row, or several; those before are not set any more. */
  void addRow(int count) {
    if (file == null && count > values.length - size) {
      grow((long) size + count);
    }
    if (file != null) {
      store(file);
      if (count > values.length) {
        values = new float[count];
      }
    }
    size += count;
  }

  private void grow(long needed) {
    int capacity = grown(values.length, needed);
    if (capacity >= needed && storage.take((long) (capacity - values.length) * Float.BYTES)) {
      values = Arrays.copyOf(values, capacity);
      return;
    }
    file = storage.file();
    start = file.size();
    store(file);
    storage.release((long) values.length * Float.BYTES);
    values = new float[0];
  }

  private void store(LocalFile to) {
    for (int from = 0; from < size; from += PIECE) {
      int end = Math.min(from + PIECE, size);
      byte[] bytes = DiskExamples.bytes(values, from, end);
      to.write(bytes, 0, bytes.length);
    }
    size = 0;
  }

  /** Sets a value of the last row. */
  void set(int fromEnd, float value) {
    values[size - fromEnd] = value;
  }

  /** How many are on the heap. */
  int size() {
    return size;
  }

  /**
   * All values; the array itself where it is full.
   *
   * @throws DataException if they are more than one can have
   */
  float[] toArray() {
    if (file != null) {
      throw new DataException("more than %d numbers".formatted(FeatureStorage.LONGEST_ARRAY));
    }
    return values.length == size ? values : Arrays.copyOf(values, size);
  }

  /**
   * The examples that they are the features of, in order. No more are taken afterwards.
   *
   * @param labels kept
   */
  Examples toExamples(int features, int[] labels, int classes) {
    if (file != null) {
      store(file);
      return new DiskExamples(file, start, DiskExamples.Type.FLOAT, features, labels, classes);
    }
    storage.release((long) (values.length - size) * Float.BYTES);
    values = toArray();
    return new FloatExamples(values, features, labels, classes);
  }

  /** How long an array becomes that must hold so many; the longest there can be if it cannot. */
  static int grown(int length, long needed) {
    return (int)
        Math.min(FeatureStorage.LONGEST_ARRAY, Math.max(Math.max(2L * length, 1 << 10), needed));
  }
}
