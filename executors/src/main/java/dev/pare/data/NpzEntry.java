package dev.pare.data;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
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

  private final SourceFile file;
  private final ZipInputStream zip;
  private String name = "";

  /**
   * Opens an array of an archive.
   *
   * @param start what has been read of the archive
   * @param wanted its name, or null for the only one
   */
  NpzEntry(SourceFile file, byte[] start, @Nullable String wanted) {
    this.file = file;
    this.zip =
        new ZipInputStream(
            new SequenceInputStream(new ByteArrayInputStream(start), new Content(file)));
    List<String> others = new ArrayList<>();
    String next = nextName();
    while (next != null && wanted != null && !next.equals(wanted)) {
      others.add(next);
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

  private @Nullable String nextName() {
    try {
      ZipEntry entry = zip.getNextEntry();
      return entry == null
          ? null
          : entry.getName().endsWith(SUFFIX)
              ? entry.getName().substring(0, entry.getName().length() - SUFFIX.length())
              : entry.getName();
    } catch (IOException | IllegalArgumentException e) {
      throw file.malformed(file.position(), "the archive is corrupt: " + e.getMessage());
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
   * Makes sure that it is the array that is meant: the only one where none is asked for, and the
   * only one of its name. NumPy would read the last of several, this the first.
   */
  void checkOnly(@Nullable String wanted) {
    int others = 0;
    for (String other = nextName(); other != null; other = nextName()) {
      if (wanted == null) {
        throw new DataException(
            ("%s: has arrays %s, %s and perhaps more; name one, as in %s#%s")
                .formatted(file.name(), name, other, file.name(), name));
      }
      if (other.equals(wanted)) {
        throw new DataException(file.name() + ": has several arrays " + name);
      }
      if (++others > MOST_ENTRIES) {
        throw file.malformed(file.position(), "more than " + MOST_ENTRIES + " arrays");
      }
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

  private static final class Content extends InputStream {
    private final SourceFile file;

    Content(SourceFile file) {
      this.file = file;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return file.read(one, 0, 1) < 1 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int count = file.read(target, offset, length);
      return count == 0 && length > 0 ? -1 : count;
    }
  }
}
