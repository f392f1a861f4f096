package dev.pare.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The central directory at the end of a zip, by which NumPy finds arrays. */
final class NpzDirectory {
  /** Of what a directory and its end may have: names of some ten thousand arrays. */
  static final int MOST_BYTES = 1 << 21;

  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int MOST_COMMENT_BYTES = 0xFFFF;

  /** What stands between the directory and its end where numbers are too large for the end. */
  private static final int LARGE_END = 0x06064b50;

  private static final int LARGE_END_BYTES = 56;
  private static final int LOCATOR_BYTES = 20;
  private static final int HEADER = 0x02014b50;
  private static final int HEADER_BYTES = 46;

  private NpzDirectory() {}

  /**
   * A file in the zip.
   *
   * @param crc checksum of its content
   */
  record Entry(String name, int crc) {}

  /**
   * The entries that it lists.
   *
   * @param tail the last bytes of the file
   * @return empty if there is none, or more than a directory may have
   */
  static Optional<List<Entry>> read(byte[] tail) {
    ByteBuffer bytes = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
    int end = end(bytes);
    if (end < 0) {
      return Optional.empty();
    }
    int limit = end;
    long size = bytes.getInt(end + 12) & 0xFFFFFFFFL;
    int large = end - LOCATOR_BYTES - LARGE_END_BYTES;
    if (large >= 0 && bytes.getInt(large) == LARGE_END) {
      limit = large;
      size = bytes.getLong(large + 40);
    }
    if (size < 0 || size > limit) {
      return Optional.empty();
    }
    List<Entry> entries = new ArrayList<>();
    int at = limit - (int) size;
    while (at < limit) {
      if (at > limit - HEADER_BYTES || bytes.getInt(at) != HEADER) {
        return Optional.empty();
      }
      int name = bytes.getShort(at + 28) & 0xFFFF;
      int next =
          at
              + HEADER_BYTES
              + name
              + (bytes.getShort(at + 30) & 0xFFFF)
              + (bytes.getShort(at + 32) & 0xFFFF);
      if (next > limit) {
        return Optional.empty();
      }
      entries.add(
          new Entry(
              new String(tail, at + HEADER_BYTES, name, StandardCharsets.UTF_8),
              bytes.getInt(at + 16)));
      at = next;
    }
    return Optional.of(entries);
  }

  /** Where the end of the directory begins, −1 if nowhere. */
  private static int end(ByteBuffer bytes) {
    int last = bytes.limit() - END_BYTES;
    for (int i = last; i >= Math.max(0, last - MOST_COMMENT_BYTES); i--) {
      if (bytes.getInt(i) == END && (bytes.getShort(i + 20) & 0xFFFF) == last - i) {
        return i;
      }
    }
    return -1;
  }
}
