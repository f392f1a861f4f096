package dev.pare.data;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Bytes on a local disk, written one after the other and then read from anywhere, by any number of
 * threads. Nobody else can open the file, whose name is taken away at once: however the process
 * ends, nothing of it stays.
 *
 * <p>It lies where Spark has what does not fit into memory: in one of the folders of YARN's {@code
 * LOCAL_DIRS}, of {@code SPARK_EXECUTOR_DIRS} or {@code SPARK_LOCAL_DIRS}, else in Java's temporary
 * folder; of several, where most room is.
 *
 * <p>It is read, not mapped: YARN counts what is mapped as an executor's memory, and ends it for
 * that. And a {@link java.nio.channels.FileChannel} would be closed to all tasks once one of them
 * is interrupted.
 */
final class LocalFile implements Closeable {
  /** How much room is left for others, as files from outside may expand to any size. */
  private static final long RESERVE = 1L << 30;

  /** After how many bytes the room is looked at again. */
  private static final long STRIDE = 1L << 26;

  private static final int MOST_HANDLES = 16;

  private final Path folder;

  /** Each has a place of its own in the file, and is used by one thread at a time. */
  private final RandomAccessFile[] handles;

  private final byte[] buffer = new byte[1 << 20];
  private int buffered;
  private long written;
  private long looked = -STRIDE;

  private LocalFile(Path folder, RandomAccessFile[] handles) {
    this.folder = folder;
    this.handles = handles;
  }

  /**
   * An empty file.
   *
   * @throws UncheckedIOException if there can be none
   */
  static LocalFile create() {
    Path folder = roomiest(System.getenv(), Path.of(System.getProperty("java.io.tmpdir")));
    int count = Math.min(Runtime.getRuntime().availableProcessors(), MOST_HANDLES);
    try {
      Path file = Files.createTempFile(folder, "pare-examples-", "");
      try {
        RandomAccessFile[] handles = new RandomAccessFile[count];
        for (int i = 0; i < count; i++) {
          handles[i] = new RandomAccessFile(file.toFile(), "rw");
        }
        return new LocalFile(folder, handles);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw failure(folder, "for examples that do not fit into memory", e);
    }
  }

  /** The folder with the most room among those that are named first, if any is there. */
  static Path roomiest(Map<String, String> environment, Path otherwise) {
    return Stream.of("LOCAL_DIRS", "SPARK_EXECUTOR_DIRS", "SPARK_LOCAL_DIRS")
        .map(name -> environment.getOrDefault(name, ""))
        .filter(folders -> !folders.isBlank())
        .findFirst()
        .flatMap(
            folders ->
                Arrays.stream(folders.split("[,:]"))
                    .map(String::strip)
                    .filter(folder -> !folder.isEmpty())
                    .map(Path::of)
                    .filter(Files::isWritable)
                    .max((a, b) -> Long.compare(room(a), room(b))))
        .orElse(otherwise);
  }

  private static long room(Path folder) {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      return 0;
    }
  }

  /** How many bytes were written: where the next one will be. */
  long size() {
    return written + buffered;
  }

  void write(byte[] bytes, int offset, int length) {
    for (int done = 0; done < length; ) {
      if (buffered == buffer.length) {
        flush();
      }
      int some = Math.min(length - done, buffer.length - buffered);
      System.arraycopy(bytes, offset + done, buffer, buffered, some);
      buffered += some;
      done += some;
    }
  }

  /** Makes all that was written ready to be read. */
  void flush() {
    try {
      if (written - looked >= STRIDE) {
        looked = written;
        if (Files.getFileStore(folder).getUsableSpace() < RESERVE) {
          throw new IOException("less than " + RESERVE + " bytes are free");
        }
      }
      synchronized (handles[0]) {
        handles[0].seek(written);
        handles[0].write(buffer, 0, buffered);
      }
    } catch (IOException e) {
      throw failure(
          folder, "for examples that do not fit into memory, after " + written + " bytes", e);
    }
    written += buffered;
    buffered = 0;
  }

  /**
   * Reads {@code length} bytes from {@code position} on, which were written and flushed before any
   * is read.
   */
  void read(long position, byte[] target, int length) {
    RandomAccessFile handle = handles[(int) (Thread.currentThread().getId() % handles.length)];
    try {
      synchronized (handle) {
        handle.seek(position);
        handle.readFully(target, 0, length);
      }
    } catch (EOFException e) {
      throw new IndexOutOfBoundsException(position + " to " + (position + length));
    } catch (IOException e) {
      throw failure(folder, "of examples that did not fit into memory", e);
    }
  }

  private static UncheckedIOException failure(Path folder, String what, IOException cause) {
    String why = Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
    return new UncheckedIOException(
        "%s: the local file %s: %s; SPARK_LOCAL_DIRS names another folder"
            .formatted(folder, what, why),
        cause);
  }

  @Override
  public void close() {
    for (RandomAccessFile handle : handles) {
      try {
        handle.close();
      } catch (IOException e) {
        throw failure(folder, "of examples that did not fit into memory", e);
      }
    }
  }
}
