package dev.pare.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Bytes on a local disk, written once and then mapped into memory. Nobody else can open the file,
 * which has no name any more once it is there: however the process ends, nothing of it stays.
 *
 * <p>It lies where Spark has what does not fit into memory: in one of the folders of YARN's {@code
 * LOCAL_DIRS}, of {@code SPARK_EXECUTOR_DIRS} or {@code SPARK_LOCAL_DIRS}, else in Java's temporary
 * folder; of several, where most room is.
 */
final class LocalFile implements Closeable {
  /** How much room is left for others, as files from outside may expand to any size. */
  private static final long RESERVE = 1L << 30;

  /** After how many bytes the room is looked at again. */
  private static final long STRIDE = 1L << 26;

  private final Path folder;
  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.nativeOrder());
  private long size;
  private long looked = -STRIDE;

  private LocalFile(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * An empty file.
   *
   * @throws UncheckedIOException if there can be none
   */
  static LocalFile create() {
    Path folder = roomiest(System.getenv(), Path.of(System.getProperty("java.io.tmpdir")));
    try {
      return new LocalFile(
          folder,
          // Unix takes the name away at once.
          FileChannel.open(
              folder.resolve("pare-examples-" + UUID.randomUUID()),
              Set.of(
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.DELETE_ON_CLOSE)));
    } catch (IOException e) {
      throw failure(folder, 0, e);
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

  /** How many bytes were written. */
  long size() {
    return size;
  }

  void write(byte[] bytes, int offset, int length) {
    for (int done = 0; done < length; ) {
      int some = Math.min(length - done, buffer.remaining());
      buffer.put(bytes, offset + done, some);
      done += some;
      flush(false);
    }
    size += length;
  }

  /** Writes numbers in the machine's order of bytes. */
  void write(float[] numbers, int length) {
    for (int i = 0; i < length; i++) {
      buffer.putFloat(numbers[i]);
      flush(false);
    }
    size += (long) length * Float.BYTES;
  }

  private void flush(boolean all) {
    if (!all && buffer.hasRemaining()) {
      return;
    }
    buffer.flip();
    try {
      if (size - looked >= STRIDE) {
        looked = size;
        if (Files.getFileStore(folder).getUsableSpace() < RESERVE) {
          throw new IOException("less than " + RESERVE + " bytes are free");
        }
      }
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw failure(folder, size, e);
    }
    buffer.clear();
  }

  /**
   * Maps all that was written, and closes the file; what is mapped stays.
   *
   * @param piece how many bytes each piece has, below 2³¹; the last may have fewer
   */
  ByteBuffer[] map(long piece) {
    flush(true);
    ByteBuffer[] pieces = new ByteBuffer[Math.toIntExact((size + piece - 1) / piece)];
    try {
      for (int i = 0; i < pieces.length; i++) {
        long start = i * piece;
        pieces[i] =
            channel
                .map(FileChannel.MapMode.READ_ONLY, start, Math.min(piece, size - start))
                .order(ByteOrder.nativeOrder());
      }
    } catch (IOException e) {
      throw failure(folder, size, e);
    }
    close();
    return pieces;
  }

  private static UncheckedIOException failure(Path folder, long bytes, IOException cause) {
    String why = Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
    return new UncheckedIOException(
        ("%s: no room for examples that do not fit into memory, after %d bytes: %s;"
                + " SPARK_LOCAL_DIRS names another folder")
            .formatted(folder, bytes, why),
        cause);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failure(folder, size, e);
    }
  }
}
