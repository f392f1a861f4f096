package dev.pare;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/** Local files under {@code watched:}, which counts what is opened and may be full for a while. */
public final class WatchedDisk extends RawLocalFileSystem {
  private static final Queue<String> OPENED = new ConcurrentLinkedQueue<>();
  private static volatile boolean full;

  /** Has a configuration know it. */
  public static Configuration addTo(Configuration hadoop) {
    hadoop.setClass("fs.watched.impl", WatchedDisk.class, FileSystem.class);
    return hadoop;
  }

  /** From now on nothing can be written, or all can again. */
  public static void fill(boolean now) {
    full = now;
  }

  public static void forget() {
    OPENED.clear();
  }

  /** How often each file was opened for reading since {@link #forget}, by its path. */
  public static Map<String, Integer> opened() {
    Map<String, Integer> opened = new TreeMap<>();
    OPENED.forEach(path -> opened.merge(path, 1, Integer::sum));
    return opened;
  }

  @Override
  public URI getUri() {
    return URI.create("watched:///");
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    OPENED.add(file.toUri().getPath());
    return super.open(file, bufferSize);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return new FSDataOutputStream(
        new Limited(super.create(file, overwrite, bufferSize, replication, blockSize, progress)),
        null);
  }

  private static final class Limited extends FilterOutputStream {
    Limited(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (full) {
        // Hadoop throws an error of its own where a local disk is full.
        try (OutputStream device =
            FileSystem.getLocal(new Configuration()).getRaw().create(new Path("/dev/full"), true)) {
          device.write(bytes, offset, length);
        }
      }
      out.write(bytes, offset, length);
    }
  }
}
