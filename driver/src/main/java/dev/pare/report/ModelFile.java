package dev.pare.report;

import dev.pare.artifact.MalformedArtifactException;
import dev.pare.candidate.Sha256;
import dev.pare.folder.SweepFolder;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
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
   * What a decoder makes of a file. One that a sweep's {@code frontier.json} names is only read if
   * it is the file that was measured.
   *
   * @throws IOException naming the file
   */
  public static <T> T read(String file, Configuration hadoop, Decoder<T> decoder)
      throws IOException {
    Path path = new Path(file);
    FileSystem files = path.getFileSystem(hadoop);
    try (FSDataInputStream in = files.open(path)) {
      Path qualified = files.makeQualified(path);
      Optional<FrontierRow> row = row(qualified, hadoop);
      if (row.isPresent()) {
        return decoder.decode(measured(path, files.getFileStatus(path).getLen(), in, row.get()));
      }
      Optional<String> teacher = teacher(qualified, hadoop);
      return decoder.decode(teacher.isPresent() ? digested(path, in, teacher.get()) : in);
    } catch (FileNotFoundException e) {
      // So Hadoop calls a folder, too, and what may not be read.
      throw new IOException(
          file + ": " + (files.exists(path) ? e.getMessage() : "no such file"), e);
    } catch (MalformedArtifactException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * What the frontier of a sweep says of a file, if it lies among that sweep's results.
   *
   * @throws IOException if the frontier cannot be read
   */
  public static Optional<FrontierRow> row(String file, Configuration hadoop) throws IOException {
    Path path = new Path(file);
    return row(path.getFileSystem(hadoop).makeQualified(path), hadoop);
  }

  /** What the frontier of the sweep whose results a file lies in says of it. */
  private static Optional<FrontierRow> row(Path file, Configuration hadoop) throws IOException {
    String name = SweepFolder.BEST + "/" + file.getName();
    Path folder = file.getParent();
    if (!SweepFolder.isBest(name)
        || !folder.getName().equals(SweepFolder.BEST)
        || !FrontierFiles.exist(new SweepFolder(folder.getParent(), hadoop))) {
      return Optional.empty();
    }
    return FrontierFiles.read(new SweepFolder(folder.getParent(), hadoop)).rows().stream()
        .filter(row -> row.file().equals(name))
        .findFirst();
  }

  private static InputStream measured(Path file, long bytes, InputStream in, FrontierRow row)
      throws IOException {
    if (bytes != row.bytes()) {
      throw new IOException(
          "%s: has %d bytes, frontier.json says %d: it is not the file that was measured"
              .formatted(file, bytes, row.bytes()));
    }
    String sha256 = row.summary().sha256();
    return sha256 == null ? in : digested(file, in, sha256);
  }

  /** What the frontier beside a teacher's file says of it. */
  private static Optional<String> teacher(Path file, Configuration hadoop) throws IOException {
    SweepFolder folder = new SweepFolder(file.getParent(), hadoop);
    return file.getName().equals(SweepFolder.TEACHER) && FrontierFiles.exist(folder)
        ? Optional.ofNullable(FrontierFiles.read(folder).teacher().sha256())
        : Optional.empty();
  }

  private static InputStream digested(Path file, InputStream in, String expected)
      throws IOException {
    byte[] content = in.readAllBytes();
    String sha256 = Sha256.hex(content);
    if (!sha256.equals(expected)) {
      throw new IOException(
          "%s: has SHA-256 %s, frontier.json says %s: it is not the file that was measured"
              .formatted(file, sha256, expected));
    }
    return new ByteArrayInputStream(content);
  }
}
