package dev.pare.data;

import java.io.Closeable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file being read from its beginning to its end, decompressed where its first bytes are gzip's,
 * and digested as stored. Failures of the storage are thrown as {@link UncheckedIOException}.
 */
final class SourceFile implements ByteInput, Closeable {
  private final String name;
  private final StoredBytes stored;
  private final InputStream content;
  private long position;

  private SourceFile(String name, StoredBytes stored) throws IOException {
    this.name = name;
    this.stored = stored;
    try {
      this.content = stored.startsWith(GzipContent.MAGIC) ? new GzipContent(stored) : stored;
    } catch (ZipException | EOFException e) {
      throw corrupt(e);
    }
  }

  /**
   * Opens a file.
   *
   * @param key the configuration's key that names it, for messages
   * @throws DataException when it is not there or must not be read
   * @throws MalformedDataException when it begins as gzip does, and then goes wrong
   */
  static SourceFile open(String key, String location, Configuration hadoop) {
    String setting = key + " = " + location;
    return FilePaths.access(
        setting,
        () -> {
          Path path = new Path(location);
          FileSystem fileSystem = path.getFileSystem(hadoop);
          if (fileSystem.getFileStatus(path).isDirectory()) {
            throw new DataException(setting + ": is a folder, not a file");
          }
          return open(setting, fileSystem, path);
        });
  }

  private static SourceFile open(String setting, FileSystem fileSystem, Path path)
      throws IOException {
    InputStream opened;
    try {
      opened = FilePaths.open(fileSystem, path);
    } catch (FileNotFoundException e) {
      // It was there a moment ago: this is how Java says that it must not be read.
      throw new DataException(setting + ": " + e.getMessage(), e);
    }
    try {
      return new SourceFile(fileSystem.makeQualified(path).toString(), new StoredBytes(opened));
    } catch (IOException | RuntimeException e) {
      try (opened) {
        throw e;
      }
    }
  }

  /** The file's qualified path. */
  String name() {
    return name;
  }

  /** How many bytes of the (decompressed) content have been read. */
  long position() {
    return position;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    int done = 0;
    try {
      while (done < length) {
        int count = content.read(target, offset + done, length - done);
        if (count < 0) {
          break;
        }
        done += count;
        position += count;
      }
      return done;
    } catch (ZipException | EOFException e) {
      throw corrupt(e);
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads all that is left; memory grows as it comes.
   *
   * @throws MalformedDataException if it is more than {@code most} bytes
   */
  byte[] readAll(int most) {
    byte[] bytes = new byte[1 << 16];
    int size = 0;
    while (true) {
      size += read(bytes, size, bytes.length - size);
      if (size < bytes.length) {
        return Arrays.copyOf(bytes, size);
      }
      if (size > most) {
        throw malformed(most, "the file goes on after " + most + " bytes, the most there may be");
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(most + 1L, 2L * size));
    }
  }

  /** Reads what is left, and returns the SHA-256 of the whole file as stored. */
  byte[] digest() {
    try {
      return stored.digest();
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    }
  }

  @Override
  public MalformedDataException malformed(long offset, String problem) {
    return new MalformedDataException(name, offset, problem);
  }

  private MalformedDataException corrupt(IOException cause) {
    return new MalformedDataException(
        name, position, "the gzip data are corrupt or end early: " + cause.getMessage(), cause);
  }

  @Override
  public void close() {
    try {
      content.close();
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    }
  }
}
