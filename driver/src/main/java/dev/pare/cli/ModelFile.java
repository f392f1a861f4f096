package dev.pare.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** Reads a file that a person named. */
final class ModelFile {
  private ModelFile() {}

  static byte[] read(String file, Configuration hadoop) throws IOException {
    Path path = new Path(file);
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      return in.readAllBytes();
    } catch (FileNotFoundException e) {
      throw new IOException(file + ": no such file", e);
    }
  }
}
