package dev.pare.pipeline;

import dev.pare.candidate.StageKey;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The files of a {@link HadoopStageStore}; others in its folders are never touched. */
public final class StoredFiles {
  private static final Pattern FOLDER = Pattern.compile("[0-9a-f]{2}");

  /** A hidden file's name goes on with something of the writer's. */
  private static final Pattern FILE =
      Pattern.compile(
          "(\\.?)([0-9a-f]{64})\\.(pare|logits|json)((?:\\.[0-9a-f-]{36})?(?:\\.crc)?)");

  private StoredFiles() {}

  /** Takes a file. */
  @FunctionalInterface
  public interface Taker {
    /** May delete it. */
    void take(StoredFile file) throws IOException;
  }

  /**
   * Hands over all files of a store.
   *
   * @throws IOException if there is no store, or the storage fails
   */
  public static void forEach(String store, Configuration hadoop, Taker taker) throws IOException {
    Path root = new Path(store);
    FileSystem files = new WholeFiles(root, hadoop).fileSystem();
    FileStatus[] folders;
    try {
      folders = files.listStatus(root);
    } catch (FileNotFoundException e) {
      throw new IOException(root + ": there is no such store", e);
    }
    for (FileStatus folder : folders) {
      if (folder.isDirectory() && FOLDER.matcher(folder.getPath().getName()).matches()) {
        for (FileStatus status : files.listStatus(folder.getPath())) {
          Optional<StoredFile> file = file(status);
          if (status.isFile() && file.isPresent()) {
            taker.take(file.get());
          }
        }
      }
    }
  }

  private static Optional<StoredFile> file(FileStatus status) {
    Matcher name = FILE.matcher(status.getPath().getName());
    boolean hidden = name.matches() && !name.group(1).isEmpty();
    if (!name.matches() || hidden == name.group(4).isEmpty()) {
      return Optional.empty();
    }
    StoredFile.Kind kind =
        switch (name.group(3)) {
          case "pare" -> StoredFile.Kind.NETWORK;
          case "logits" -> StoredFile.Kind.LOGITS;
          default -> StoredFile.Kind.REPORT;
        };
    return Optional.of(
        new StoredFile(
            status.getPath(),
            new StageKey(name.group(2)),
            hidden ? StoredFile.Kind.UNFINISHED : kind,
            status.getLen(),
            status.getModificationTime()));
  }

  /** Deletes a file; one that is gone already is no error. */
  public static void delete(StoredFile file, Configuration hadoop) throws IOException {
    new WholeFiles(file.path(), hadoop).fileSystem().delete(file.path(), false);
  }
}
