package dev.pare;

import dev.pare.artifact.MalformedArtifactException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads a .pare file whose name means something to a person. */
public final class ModelFile {
  private ModelFile() {}

  /** What is made of a file. */
  @FunctionalInterface
  public interface Decoder<T> {
    /**
     * Reads a file from its first byte.
     *
     * @throws MalformedArtifactException if it is none, or damaged
     */
    T decode(InputStream in) throws IOException;
  }

  /**
   * What a decoder makes of a file.
   *
   * @throws IOException naming the file
   */
  public static <T> T read(String file, Configuration hadoop, Decoder<T> decoder)
      throws IOException {
    Path path = new Path(file);
    FileSystem files = path.getFileSystem(hadoop);
    try (FSDataInputStream in = files.open(path)) {
      return decoder.decode(in);
    } catch (FileNotFoundException e) {
      // So Hadoop calls a folder, too, and what may not be read.
      throw new IOException(
          file + ": " + (files.exists(path) ? e.getMessage() : "no such file"), e);
    } catch (MalformedArtifactException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
