package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsDirectoryException;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Writes files of a Hadoop file system so that whoever looks finds the old one or the new one,
 * whole, also if the writer dies.
 *
 * <p>A file is written under a hidden name of its own and renamed to its place, over the old one.
 * On object stores, where renaming copies, it is written to its place at once: there a file shows
 * up when its writer closes it, and an aborted one never.
 *
 * <p>Local files and their folders have the permissions that the process's umask leaves them.
 *
 * <p>Local files are written without the checksum files that Hadoop would lay beside them, since a
 * file and its checksum file cannot be renamed as one.
 */
public final class WholeFiles {
  private static final Set<String> OBJECT_STORES = Set.of("s3a", "s3", "gs", "oss", "cosn", "obs");

  private static final int BUFFER_BYTES = 1 << 16;

  private final FileSystem files;
  private final Configuration hadoop;
  private final boolean straight;

  /**
   * @param folder any path on the file system
   */
  public WholeFiles(Path folder, Configuration hadoop) throws IOException {
    this.hadoop = requireNonNull(hadoop, "hadoop is null");
    FileSystem found = folder.getFileSystem(hadoop);
    this.files = found instanceof LocalFileSystem local ? local.getRawFileSystem() : found;
    this.straight = OBJECT_STORES.contains(found.getUri().getScheme().toLowerCase(Locale.ROOT));
  }

  /** What goes into a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes all of it; closing has no effect. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** The file system that is written to. */
  public FileSystem fileSystem() {
    return files;
  }

  /** Writes a file in place of the one that is there, if any. */
  public void replace(Path file, Content content) throws IOException {
    if (straight) {
      write(file, content);
      return;
    }
    Path hidden = hidden(file);
    boolean renamed = false;
    try {
      write(hidden, content);
      renameOver(hidden, file);
      renamed = true;
    } finally {
      forgetUnless(renamed, hidden);
    }
  }

  /** Writes a file unless there is one, which stays, even if it comes while this one is written. */
  public void create(Path file, Content content) throws IOException {
    if (straight) {
      write(file, content);
      return;
    }
    Path hidden = hidden(file);
    boolean renamed = false;
    try {
      write(hidden, content);
      renamed = !linked(hidden, file) && files.rename(hidden, file);
      if (!renamed && !files.exists(file)) {
        throw new IOException("could not be renamed into place");
      }
    } finally {
      forgetUnless(renamed, hidden);
    }
  }

  /** Local files are linked, since renaming would replace one that is there. */
  private boolean linked(Path from, Path to) throws IOException {
    if (!(files instanceof RawLocalFileSystem local)) {
      return false;
    }
    try {
      Files.createLink(local.pathToFile(to).toPath(), local.pathToFile(from).toPath());
      return true;
    } catch (FileAlreadyExistsException e) {
      return true;
    } catch (UnsupportedOperationException | FileSystemException e) {
      // Not every file system has links.
      return false;
    }
  }

  private static Path hidden(Path file) {
    return new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID());
  }

  private void write(Path file, Content content) throws IOException {
    try {
      writeWhole(file, content);
    } catch (FSError e) {
      // Hadoop throws an error where a local disk fails, as one that is full.
      throw new IOException(e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
    }
  }

  private void writeWhole(Path file, Content content) throws IOException {
    // One that extends Hadoop's own has its own way to write.
    if (files.getClass() == RawLocalFileSystem.class) {
      writeLocally(((RawLocalFileSystem) files).pathToFile(file), content);
      return;
    }
    FSDataOutputStream out =
        files.create(
            file,
            true,
            BUFFER_BYTES,
            files.getDefaultReplication(file),
            files.getDefaultBlockSize(file));
    boolean whole = false;
    try {
      content.writeTo(new Unclosed(out));
      whole = true;
    } finally {
      if (!whole && out.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
        // To close it would publish the part.
        out.abort();
      }
      out.close();
    }
  }

  /**
   * Without Hadoop, which gives local files and folders permissions of its own, whatever the umask,
   * and by a process for each.
   */
  private static void writeLocally(File file, Content content) throws IOException {
    File folder = file.getParentFile();
    if (!folder.isDirectory() && !folder.mkdirs() && !folder.isDirectory()) {
      throw new IOException(folder + " cannot be made a folder");
    }
    try (OutputStream out = new BufferedOutputStream(new FileOutputStream(file), BUFFER_BYTES)) {
      content.writeTo(new Unclosed(out));
    }
  }

  private void renameOver(Path from, Path to) throws IOException {
    if (files instanceof RawLocalFileSystem local) {
      // Hadoop would move the file into it.
      if (local.pathToFile(to).isDirectory()) {
        throw new PathIsDirectoryException(to.toString());
      }
      // Hadoop would check the new file against the old one's checksums.
      files.delete(new Path(to.getParent(), "." + to.getName() + ".crc"), false);
      rename(from, to);
      return;
    }
    try {
      FileContext.getFileContext(files.getUri(), hadoop).rename(from, to, Options.Rename.OVERWRITE);
    } catch (UnsupportedFileSystemException e) {
      files.delete(to, false);
      rename(from, to);
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("could not be renamed into place");
    }
  }

  /** What cannot be deleted now is an orphan, and not worth losing the first failure for. */
  private void forgetUnless(boolean renamed, Path hidden) {
    if (!renamed) {
      try {
        files.delete(hidden, false);
      } catch (IOException e) {
        // The caller has something more important to tell.
      }
    }
  }

  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
