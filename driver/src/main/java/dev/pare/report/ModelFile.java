package dev.pare.report;

import dev.pare.artifact.MalformedArtifactException;
import dev.pare.candidate.Sha256;
import dev.pare.data.FilePaths;
import dev.pare.data.NotAFileException;
import dev.pare.folder.References;
import dev.pare.folder.SweepFolder;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a .pare file whose name means something to a person. */
public final class ModelFile {
  private static final Logger LOG = LoggerFactory.getLogger(ModelFile.class);

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
   * it is the file that was measured, one in a store if it is the one that its stage's report is
   * of, and one of {@code pare compress} if it is the one that was written.
   *
   * @throws IOException naming the file
   */
  public static <T> T read(String file, Configuration hadoop, Decoder<T> decoder)
      throws IOException {
    Path path = new Path(file);
    return read(path, expected(path, hadoop), hadoop, decoder);
  }

  /** A file that is not the one that a frontier, a report or checksums have under its name. */
  public static final class OtherFileException extends IOException {
    private static final long serialVersionUID = 1;

    OtherFileException(String message) {
      super(message);
    }
  }

  /**
   * Looks whether a file is what {@link #read} would take, if anything says what it is; of other
   * files nothing is read.
   *
   * @throws OtherFileException if it is another one
   * @throws IOException naming the file
   */
  public static void check(String file, Configuration hadoop) throws IOException {
    Path path = new Path(file);
    ExpectedFile expected = expected(path, hadoop);
    if (expected.isTold()) {
      read(path, expected, hadoop, in -> expected);
    }
  }

  /**
   * What a decoder makes of the file of a row, if it is the file that was measured.
   *
   * @param folder with the frontier that has the row
   * @throws IOException naming the file
   */
  public static <T> T read(
      SweepFolder folder, FrontierRow row, Configuration hadoop, Decoder<T> decoder)
      throws IOException {
    return read(folder.path(row.file()), ExpectedFile.of(row), hadoop, decoder);
  }

  private static <T> T read(
      Path path, ExpectedFile expected, Configuration hadoop, Decoder<T> decoder)
      throws IOException {
    FileSystem files = path.getFileSystem(hadoop);
    try (FSDataInputStream in = FilePaths.open(files, path)) {
      if (expected.bytes().isPresent()) {
        checkBytes(path, files.getFileStatus(path).getLen(), expected);
      }
      return decoder.decode(expected.sha256() == null ? in : digested(path, in, expected));
    } catch (FileNotFoundException e) {
      // So Hadoop calls a folder, too, and what may not be read.
      throw new IOException(
          path
              + ": "
              + (files.exists(path) ? e.getMessage() : "no such file")
              + (expected.isTold()
                  ? ", though " + expected.by() + " lists it; " + expected.remedy()
                  : ""),
          e);
    } catch (MalformedArtifactException | NotAFileException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  /**
   * Where a file may lie among a sweep's results: in the folder that its name leads to, and, where
   * it is a link, where that leads.
   */
  private static Set<Path> places(Path path, Configuration hadoop) throws IOException {
    Path qualified = path.getFileSystem(hadoop).makeQualified(path);
    URI whole = qualified.toUri();
    if (!"file".equals(whole.getScheme()) || qualified.isRoot()) {
      return Set.of(qualified);
    }
    File named = new File(whole.getPath());
    File folder = named.getAbsoluteFile().getParentFile().getCanonicalFile();
    Set<Path> places = new LinkedHashSet<>();
    places.add(local(new File(folder, named.getName())));
    places.add(local(named.getCanonicalFile()));
    return places;
  }

  private static Path local(File file) {
    return new Path("file", "", file.getPath());
  }

  /**
   * What the frontier of a sweep says of a file, if it lies among that sweep's results.
   *
   * @throws IOException if the frontier cannot be read
   */
  public static Optional<FrontierRow> row(String file, Configuration hadoop) throws IOException {
    return listed(file, hadoop).map(Listed::row);
  }

  /**
   * What a frontier says of a file.
   *
   * @param teacher SHA-256 of the teacher that it was made from; null where it does not say
   */
  public record Listed(FrontierRow row, @Nullable String teacher) {}

  /**
   * What the frontier says of a file, if it lies among a sweep's results that list it.
   *
   * @throws IOException if the frontier cannot be read
   */
  public static Optional<Listed> listed(String file, Configuration hadoop) throws IOException {
    for (Path place : places(new Path(file), hadoop)) {
      Optional<FrontierReport> frontier = frontier(place, hadoop);
      Optional<FrontierRow> row = frontier.flatMap(report -> row(report, place));
      if (row.isPresent()) {
        return row.map(its -> new Listed(its, frontier.get().teacher().sha256()));
      }
    }
    return Optional.empty();
  }

  private static Optional<FrontierRow> row(FrontierReport frontier, Path file) {
    String name = SweepFolder.BEST + "/" + file.getName();
    return frontier.rows().stream().filter(row -> row.file().equals(name)).findFirst();
  }

  /** The frontier of the sweep whose results a file lies in, where its files lie. */
  private static Optional<FrontierReport> frontier(Path file, Configuration hadoop)
      throws IOException {
    Path folder = file.getParent();
    if (!SweepFolder.isBest(SweepFolder.BEST + "/" + file.getName())
        || !folder.getName().equals(SweepFolder.BEST)
        || !FrontierFiles.exist(new SweepFolder(folder.getParent(), hadoop))) {
      return Optional.empty();
    }
    return Optional.of(FrontierFiles.read(new SweepFolder(folder.getParent(), hadoop)));
  }

  /** What the sweep, the store or the folder of {@code pare compress} that a file lies in says. */
  private static ExpectedFile expected(Path file, Configuration hadoop) throws IOException {
    Optional<Listed> listed = listed(file.toString(), hadoop);
    if (listed.isPresent()) {
      return ExpectedFile.of(listed.get().row());
    }
    for (Path place : places(file, hadoop)) {
      Optional<ExpectedFile> teacher =
          teacher(place.getName(), new SweepFolder(place.getParent(), hadoop));
      if (teacher.isPresent()) {
        return teacher.get();
      }
      Optional<ExpectedFile> product = ExpectedFile.inStore(place, hadoop);
      if (product.isPresent()) {
        return product.get();
      }
      Optional<ExpectedFile> compressed = ExpectedFile.inSums(place, hadoop);
      if (compressed.isPresent()) {
        return compressed.get();
      }
    }
    return ExpectedFile.ANY;
  }

  /** What a sweep's results say of a teacher's file among them, if it has such a file's name. */
  private static Optional<ExpectedFile> teacher(String name, SweepFolder folder)
      throws IOException {
    boolean isPare = name.equals(SweepFolder.TEACHER);
    if (!isPare && !name.equals(SweepFolder.DL4J_TEACHER)) {
      return Optional.empty();
    }
    boolean isEnded = FrontierFiles.exist(folder);
    if (isPare && isEnded) {
      return Optional.of(
          ExpectedFile.teacher(
              FrontierFiles.read(folder).teacher().sha256(), SweepFolder.FRONTIER_JSON));
    }
    @Nullable String noted =
        References.of(folder).map(references -> references.teachers().get(name)).orElse(null);
    if (noted != null) {
      return Optional.of(ExpectedFile.teacher(noted, SweepFolder.REFERENCES));
    }
    if (isEnded) {
      LOG.warn(
          "{}: {} there does not say what it is, as those of earlier versions do not: it is not known whether it is the sweep's own",
          folder.path(name),
          SweepFolder.REFERENCES);
    }
    return Optional.of(ExpectedFile.ANY);
  }

  private static void checkBytes(Path file, long bytes, ExpectedFile expected) throws IOException {
    if (bytes != expected.bytes().getAsLong()) {
      throw new OtherFileException(
          "%s: has %d bytes, %s says %d: it is not %s"
              .formatted(
                  file, bytes, expected.by(), expected.bytes().getAsLong(), expected.what()));
    }
  }

  private static InputStream digested(Path file, InputStream in, ExpectedFile expected)
      throws IOException {
    byte[] content = in.readAllBytes();
    String sha256 = Sha256.hex(content);
    if (!sha256.equals(expected.sha256())) {
      throw new OtherFileException(
          "%s: has SHA-256 %s, %s says %s: it is not %s"
              .formatted(file, sha256, expected.by(), expected.sha256(), expected.what()));
    }
    return new ByteArrayInputStream(content);
  }
}
