package dev.pare.report;

import dev.pare.pipeline.WholeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Files that are there whole or not at all. */
public final class ResultFile {
  private ResultFile() {}

  /** Writes a file in place of the one that is there, if any. */
  public static void replace(Path file, Configuration hadoop, byte[] content) throws IOException {
    new WholeFiles(file, hadoop).replace(file, out -> out.write(content));
  }

  /** Writes a text in UTF-8. */
  public static void replace(Path file, Configuration hadoop, String text) throws IOException {
    replace(file, hadoop, text.getBytes(StandardCharsets.UTF_8));
  }
}
