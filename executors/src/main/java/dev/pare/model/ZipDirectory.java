package dev.pare.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipEntry;

/**
 * The central directory at the end of a zip. Most programs see the entries that it lists, and a
 * stream those that lie in the file: a zip in which these differ is another one to each of them.
 */
final class ZipDirectory {
  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int MOST_COMMENT_BYTES = 0xFFFF;
  private static final int HEADER = 0x02014b50;
  private static final int HEADER_BYTES = 46;
  private static final int ENTRY = 0x04034b50;
  private static final int ENTRY_BYTES = 30;

  private final ByteBuffer file;

  private ZipDirectory(byte[] file) {
    this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Compares the directory with the entries that were read from the beginning on.
   *
   * @param entries as they came, each read to its end
   * @throws IllegalArgumentException if there is no directory, or it lists others
   */
  static void check(byte[] file, List<ZipEntry> entries) {
    new ZipDirectory(file).check(entries);
  }

  private void check(List<ZipEntry> entries) {
    int end = end();
    int count = file.getShort(end + 10) & 0xFFFF;
    int position = file.getInt(end + 16);
    if (count != entries.size()) {
      throw broken("lists " + count + " entries of " + entries.size());
    }
    int before = -1;
    for (ZipEntry entry : entries) {
      if (position < 0 || position > end - HEADER_BYTES || file.getInt(position) != HEADER) {
        throw broken("ends too early");
      }
      int name = file.getShort(position + 28) & 0xFFFF;
      int start = file.getInt(position + 42);
      boolean same =
          start > before
              && (before >= 0 || start == 0)
              && start <= end - ENTRY_BYTES
              && file.getInt(start) == ENTRY
              && isNamed(entry, position + HEADER_BYTES, name, end)
              && isNamed(entry, start + ENTRY_BYTES, file.getShort(start + 26) & 0xFFFF, end)
              && file.getInt(position + 16) == (int) entry.getCrc()
              && file.getInt(position + 24) == (int) entry.getSize();
      if (!same) {
        throw broken("lists another entry than " + Dl4jJson.shown(entry.getName()));
      }
      before = start;
      position +=
          HEADER_BYTES
              + name
              + (file.getShort(position + 30) & 0xFFFF)
              + (file.getShort(position + 32) & 0xFFFF);
    }
    if (position != end) {
      throw broken("goes on after its last entry");
    }
  }

  /**
   * Where the end of the directory begins: the only place after which its comment ends the file.
   */
  private int end() {
    int last = file.limit() - END_BYTES;
    for (int i = last; i >= Math.max(0, last - MOST_COMMENT_BYTES); i--) {
      if (file.getInt(i) == END && (file.getShort(i + 20) & 0xFFFF) == last - i) {
        return i;
      }
    }
    throw broken("is not there");
  }

  private boolean isNamed(ZipEntry entry, int from, int length, int end) {
    return length <= end - from
        && entry.getName().equals(new String(file.array(), from, length, StandardCharsets.UTF_8));
  }

  private static IllegalArgumentException broken(String how) {
    return new IllegalArgumentException("not a DL4J zip: its central directory " + how);
  }
}
