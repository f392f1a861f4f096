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

  /** What is needed for some steps. */
  static final class Buffer {
    private final String name;
    private final Element element;
    private final long bytes;
    private final int from;
    private int to;
    private long offset;

    private Buffer(String name, Element element, long count, int from, int to) {
      this.name = name;
      this.element = element;
      this.bytes = Math.multiplyExact(count, element.bytes());
      this.from = from;
      this.to = to;
    }

    String name() {
      return name;
    }

    Element element() {
      return element;
    }

    /** The byte with which it begins, as {@link Arena#place} has found. */
    long offset() {
      return offset;
    }

    /** Is needed up to a later step. */
    void keepUntil(int step) {
      to = Math.max(to, step);
    }

    /** The first place from a byte on at which it can lie. */
    private long aligned(long offset) {
      return (offset + element.bytes() - 1) / element.bytes() * element.bytes();
    }

    private boolean meets(Buffer other) {
      return from <= other.to && other.from <= to;
    }
  }

  /**
   * Asks for room.
   *
   * @param count how many elements
   * @param from the first step that needs it
   * @param to the last one
   */
  Buffer buffer(String name, Element element, long count, int from, int to) {
    Buffer buffer = new Buffer(name, element, count, from, to);
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
   * @return how many bytes the arena has
   */
  long place() {
    List<Buffer> placed = new ArrayList<>();
    long size = 0;
    List<Buffer> largestFirst =
        buffers.stream()
            .sorted(Comparator.comparingLong((Buffer buffer) -> buffer.bytes).reversed())
            .toList();
    for (Buffer buffer : largestFirst) {
      buffer.offset = 0;
      List<Buffer> others =
          placed.stream()
              .filter(buffer::meets)
              .sorted(Comparator.comparingLong(Buffer::offset))
              .toList();
      for (Buffer other : others) {
        if (buffer.offset + buffer.bytes <= other.offset) {
          break;
        }
        buffer.offset = Math.max(buffer.offset, buffer.aligned(other.offset + other.bytes));
      }
      placed.add(buffer);
      size = Math.max(size, buffer.offset + buffer.bytes);
    }
    return size;
  }
}
