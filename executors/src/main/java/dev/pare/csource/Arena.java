package dev.pare.csource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The array that activations share. A buffer is needed from one step to another; two that are
 * needed at once do not overlap, the largest being placed first (Pisarchyk and Lee 2020).
 */
final class Arena {
  private final List<Buffer> buffers = new ArrayList<>();

  /** Numbers that are needed for some steps. */
  static final class Buffer {
    private final String name;
    private final long size;
    private final int from;
    private int to;
    private long offset;

    private Buffer(String name, long size, int from, int to) {
      this.name = name;
      this.size = size;
      this.from = from;
      this.to = to;
    }

    String name() {
      return name;
    }

    /** Where it begins, as {@link Arena#place} has found. */
    long offset() {
      return offset;
    }

    /** Is needed up to a later step. */
    void keepUntil(int step) {
      to = Math.max(to, step);
    }

    private boolean meets(Buffer other) {
      return from <= other.to && other.from <= to;
    }
  }

  /**
   * Asks for room.
   *
   * @param size how many numbers
   * @param from the first step that needs it
   * @param to the last one
   */
  Buffer buffer(String name, long size, int from, int to) {
    Buffer buffer = new Buffer(name, size, from, to);
    buffers.add(buffer);
    return buffer;
  }

  /** All of them, in the order in which they were asked for. */
  List<Buffer> buffers() {
    return List.copyOf(buffers);
  }

  /**
   * Gives each buffer its place.
   *
   * @return how many numbers the arena has
   */
  long place() {
    List<Buffer> placed = new ArrayList<>();
    long size = 0;
    List<Buffer> largestFirst =
        buffers.stream()
            .sorted(Comparator.comparingLong((Buffer buffer) -> buffer.size).reversed())
            .toList();
    for (Buffer buffer : largestFirst) {
      buffer.offset = 0;
      List<Buffer> others =
          placed.stream()
              .filter(buffer::meets)
              .sorted(Comparator.comparingLong(Buffer::offset))
              .toList();
      for (Buffer other : others) {
        if (buffer.offset + buffer.size <= other.offset) {
          break;
        }
        buffer.offset = Math.max(buffer.offset, other.offset + other.size);
      }
      placed.add(buffer);
      size = Math.max(size, buffer.offset + buffer.size);
    }
    return size;
  }
}
