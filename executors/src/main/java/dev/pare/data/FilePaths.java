package dev.pare.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

/** The files that a setting names. */
public final class FilePaths {
  private FilePaths() {}

  /** What a folder stands for. */
  public enum Folders {
    REFUSED,
    /** The files in it whose names begin neither with {@code _} nor with a dot. */
    FILES_IN_THEM
  }

  /**
   * The files of a path, or of a pattern as Hadoop has them: {@code *}, {@code ?}, {@code [a-z]},
   * {@code {a,b}}. A file that has the very name is no pattern. Sorted by path.
   *
   * @param key that names them, for messages
   * @throws DataException if there is none, or a folder among them, whose files would be left out
   */
  static List<String> of(String key, String location, Folders folders, Configuration hadoop) {
    String setting = key + " = " + location;
    return access(
        setting,
        () -> {
          Path path = new Path(location);
          FileSystem fileSystem = path.getFileSystem(hadoop);
          if (folders == Folders.FILES_IN_THEM
              && fileSystem.exists(path)
              && fileSystem.getFileStatus(path).isDirectory()) {
            return files(setting, fileSystem.listStatus(path, FilePaths::isData));
          }
          if (!isPattern(location) || fileSystem.exists(path)) {
            return List.of(location);
          }
          return files(setting, fileSystem.globStatus(path));
        });
  }

  private static List<String> files(String setting, FileStatus[] found) {
    for (FileStatus status : found == null ? new FileStatus[0] : found) {
      if (status.isDirectory() && isData(status.getPath())) {
        throw new DataException(
            setting
                + ": "
                + status.getPath().getName()
                + " is a folder, whose files would be left out; name files alone, as a pattern can");
      }
    }
    List<String> files =
        Arrays.stream(found == null ? new FileStatus[0] : found)
            .filter(FileStatus::isFile)
            .map(status -> status.getPath().toString())
            .sorted()
            .toList();
    if (files.isEmpty()) {
      throw new DataException(setting + ": no file is there that it names");
    }
    return files;
  }

  /** Whether a file in a folder is one of its data. */
  static boolean isData(Path file) {
    return !file.getName().startsWith("_") && !file.getName().startsWith(".");
  }

  /**
   * Whether what is opened may have no end, or wait for another program: a pipe, a socket or a
   * device of this machine.
   */
  public static boolean isStream(FileSystem fileSystem, Path path) {
    URI whole = fileSystem.makeQualified(path).toUri();
    if (!"file".equals(whole.getScheme())) {
      return false;
    }
    java.nio.file.Path local = java.nio.file.Path.of(whole.getPath());
    return Files.exists(local) && !Files.isRegularFile(local) && !Files.isDirectory(local);
  }

  /**
   * Opens a file from outside: all that is read of results, stores, models and data is opened here.
   *
   * @throws NotAFileException if {@link #isStream}
   * @throws FileNotFoundException also for a folder, and for what must not be read
   */
  public static FSDataInputStream open(FileSystem fileSystem, Path path) throws IOException {
    if (isStream(fileSystem, path)) {
      throw new NotAFileException();
    }
    return fileSystem.open(path);
  }

  private static boolean isPattern(String location) {
    return location.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  /** What reaches for storage. */
  @FunctionalInterface
  interface Access<T> {
    T of() throws IOException;
  }

  /**
   * What storage answers.
   *
   * @param setting that names the place, for messages
   * @throws DataException when it is not there or must not be read
   * @throws UncheckedIOException when the storage fails
   */
  static <T> T access(String setting, Access<T> access) {
    try {
      return access.of();
    } catch (FileNotFoundException e) {
      throw new DataException(setting + ": no such file", e);
    } catch (IllegalArgumentException
        | UnsupportedFileSystemException
        | AccessControlException
        | NotAFileException e) {
      throw new DataException(setting + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(setting + ": " + e.getMessage(), e);
    }
  }
}
