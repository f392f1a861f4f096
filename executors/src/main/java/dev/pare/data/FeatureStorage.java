package dev.pare.data;

import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/**
 * Where the features of one source's examples are: on the heap up to a limit, and from there on in
 * a file on the local disk. Where they are changes nothing of what they are.
 */
final class FeatureStorage implements Closeable {
  /** As long as an array can be on every JVM. */
  static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  /**
   * Share of the heap: training, validation and test examples may have files of their own, and
   * networks need room, too.
   */
  private static final int HEAP_SHARE = 8;

  private final long limit;
  private long taken;
  private @Nullable LocalFile file;

  /**
   * @param limit how many bytes there may be on the heap
   */
  FeatureStorage(long limit) {
    this.limit = limit;
  }

  /** An eighth of the heap. */
  static FeatureStorage ofHeap() {
    return new FeatureStorage(Runtime.getRuntime().maxMemory() / HEAP_SHARE);
  }

  /** Takes so many bytes more of the heap; false, and none taken, if that would be too many. */
  boolean take(long bytes) {
    if (bytes > limit - taken) {
      return false;
    }
    taken += bytes;
    return true;
  }

  /** Gives back what was taken. */
  void release(long bytes) {
    taken -= bytes;
  }

  /** The file for features that do not fit, those of one set of examples after the other. */
  LocalFile file() {
    if (file == null) {
      file = LocalFile.create();
    }
    return file;
  }

  /** Gives up what is on disk. */
  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }
}
