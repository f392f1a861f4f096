package dev.pare;

import dev.pare.artifact.MalformedArtifactException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** Reads a .pare file whose name means something to a person. */
public final class ModelFile {
  private ModelFile() {}

  /**
   * What a decoder makes of a file.
   *
   * @param decoder of the file's bytes
   * @throws IOException naming the file
   */
  public static <T> T read(String file, Configuration hadoop, Function<byte[], T> decoder)
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
