package dev.pare.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** One array of an archive that NumPy has saved: an NPY file in a zip. */
final class NpzEntry implements ByteInput, Closeable {
  private static final String SUFFIX = ".npy";
  private static final int MOST_ENTRIES = 10_000;

  /** How much is decompressed for each byte of the archive to pass arrays over, beyond a start. */
  private static final long MOST_A_BYTE = 100;

  private static final long FIRST_BYTES = 1L << 28;

  private final SourceFile file;
  private final Content content;
  private final ZipInputStream zip;
  private String name = "";
  private @Nullable ZipEntry entry;
  private long passed;

  /**
   * Opens an array of an archive.
   *
   * @param start what has been read of the archive
   * @param wanted its name, or null for the only one
   */
  NpzEntry(SourceFile file, byte[] start, @Nullable String wanted) {
    this.file = file;
    this.content = new Content(file, start);
    this.zip = new ZipInputStream(content);
    List<String> others = new ArrayList<>();
    String next = nextName();
    while (next != null && wanted != null && !next.equals(wanted)) {
      others.add(next);
      passOver(next);
      if (others.size() > MOST_ENTRIES) {
        throw file.malformed(file.position(), "more than " + MOST_ENTRIES + " arrays");
      }
      next = nextName();
    }
    if (next == null) {
      throw new DataException(
          file.name()
              + (": has no array " + (wanted == null ? "" : wanted))
              + (others.isEmpty() ? "" : ", but " + String.join(", ", others)));
    }
    name = next;
  }

  /** The name of an array, by that of its file. */
  private static String array(String entry) {
    return entry.endsWith(SUFFIX) ? entry.substring(0, entry.length() - SUFFIX.length()) : entry;
  }

  private @Nullable String nextName() {
    try {
      entry = zip.getNextEntry();
      return entry == null ? null : array(entry.getName());
    } catch (IOException | IllegalArgumentException e) {
      throw file.malformed(file.position(), "the archive is corrupt: " + e.getMessage());
    }
  }

  private void passOver(String array) {
    byte[] chunk = new byte[1 << 16];
    try {
      for (int size = 0; size >= 0; size = zip.read(chunk)) {
        passed += size;
        if (passed > FIRST_BYTES + MOST_A_BYTE * content.count) {
          throw file.malformed(
              file.position(),
              "the arrays up to %s come to more than %d bytes for each of the archive: name one that lies before them, or save them apart"
                  .formatted(array, MOST_A_BYTE));
        }
      }
    } catch (IOException e) {
      throw file.malformed(file.position(), "array " + array + " is corrupt: " + e.getMessage());
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    try {
      return zip.readNBytes(target, offset, length);
    } catch (IOException e) {
      throw file.malformed(file.position(), "array " + name + " is corrupt: " + e.getMessage());
    }
  }

  @Override
  public MalformedDataException malformed(long offset, String problem) {
    return file.malformed(offset, "of array " + name + ": " + problem);
  }

  /**
   * Makes sure that it is the array that is meant, by the directory at the archive's end, which is
   * what NumPy reads: the only one where none is asked for, and the only one of its name. What is
   * behind it is not decompressed.
   */
  void checkOnly(@Nullable String wanted) {
    ZipEntry read = entry;
    if (read == null) {
      throw new IllegalStateException("nothing was read");
    }
    try {
      zip.closeEntry();
    } catch (IOException e) {
      throw file.malformed(file.position(), "array " + name + " is corrupt: " + e.getMessage());
    }
    List<NpzDirectory.Entry> all = content.directory();
    if (wanted == null && all.size() > 1) {
      String other =
          all.stream()
              .map(e -> array(e.name()))
              .filter(n -> !n.equals(name))
              .findFirst()
              .orElse(name);
      throw new DataException(
          ("%s: has arrays %s, %s and perhaps more; name one, as in %s#%s")
              .formatted(file.name(), name, other, file.name(), name));
    }
    List<NpzDirectory.Entry> named =
        all.stream().filter(other -> array(other.name()).equals(name)).toList();
    if (named.size() > 1) {
      throw new DataException(file.name() + ": has several arrays " + name);
    }
    if (named.isEmpty() || named.get(0).crc() != (int) read.getCrc()) {
      throw file.malformed(
          file.position(), "the archive's directory has another array " + name + ", or none");
    }
  }

  /** Leaves the file open, which has more to be digested. */
  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw new UncheckedIOException(file.name() + ": " + e.getMessage(), e);
    }
  }

  /** The file from its beginning on, of which the end is kept. */
  private static final class Content extends InputStream {
    private final SourceFile file;
    private final byte[] start;
    private final byte[] tail = new byte[NpzDirectory.MOST_BYTES];
    private long count;

    Content(SourceFile file, byte[] start) {
      this.file = file;
      this.start = start;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 1 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int read;
      if (count < start.length) {
        read = Math.min(length, start.length - (int) count);
        System.arraycopy(start, (int) count, target, offset, read);
      } else {
        read = file.read(target, offset, length);
      }
      for (int from = 0; from < read; ) {
        int at = (int) (count % tail.length);
        int some = Math.min(read - from, tail.length - at);
        System.arraycopy(target, offset + from, tail, at, some);
        from += some;
        count += some;
      }
      return read == 0 && length > 0 ? -1 : read;
    }

    /** What the directory lists, after all that is left was read. */
    List<NpzDirectory.Entry> directory() {
      byte[] chunk = new byte[1 << 16];
      while (read(chunk, 0, chunk.length) >= 0) {
        // It is kept as it comes.
      }
      int size = (int) Math.min(count, tail.length);
      byte[] end = new byte[size];
      int first = (int) ((count - size) % tail.length);
      int front = Math.min(size, tail.length - first);
      System.arraycopy(tail, first, end, 0, front);
      System.arraycopy(tail, 0, end, front, size - front);
      return NpzDirectory.read(end)
          .orElseThrow(
              () -> file.malformed(file.position(), "the archive ends without its directory"));
    }
  }
}
