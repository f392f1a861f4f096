package dev.pare.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files that are there whole or not at all. */
public final class ResultFile {
  private ResultFile() {}

  /** Writes a file in place of the one that is there, if any. */
  public static void replace(Path file, Configuration hadoop, byte[] content) throws IOException {
    FileSystem files = file.getFileSystem(hadoop);
    Path whole = new Path(file.getParent(), "." + file.getName() + ".new");
    try (OutputStream stream = files.create(whole, true)) {
      stream.write(content);
    }
    // Not every file system renames onto a file.
    files.delete(file, false);
    if (!files.rename(whole, file)) {
      throw new IOException(file + ": cannot be replaced");
    }
  }

  /** Writes a text in UTF-8. */
  public static void replace(Path file, Configuration hadoop, String text) throws IOException {
    replace(file, hadoop, text.getBytes(StandardCharsets.UTF_8));
  }
}
