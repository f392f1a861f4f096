package dev.pare.cli;

import dev.pare.artifact.MalformedArtifactException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** Reads a .pare file that a person named. */
final class ModelFile {
  private ModelFile() {}

  /**
   * @param decoder of the file's bytes
   * @throws IOException naming the file
   */
  static <T> T read(String file, Configuration hadoop, Function<byte[], T> decoder)
      throws IOException {
    Path path = new Path(file);
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      return decoder.apply(in.readAllBytes());
    } catch (FileNotFoundException e) {
      throw new IOException(file + ": no such file", e);
    } catch (MalformedArtifactException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
