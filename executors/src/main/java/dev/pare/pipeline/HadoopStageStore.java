package dev.pare.pipeline;

import dev.pare.candidate.StageKey;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A store on any Hadoop file system: a folder for each two first digits of a key. A product is
 * written under a name of its own and then renamed to its place.
 */
public final class HadoopStageStore implements StageStore {
  private final Path root;
  private final FileSystem fileSystem;

  /**
   * @param root the store's folder; made when first written to
   */
  public HadoopStageStore(String root, Configuration hadoop) {
    this.root = new Path(root);
    try {
      this.fileSystem = this.root.getFileSystem(hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException(root + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<byte[]> read(StageKey key, Kind kind) {
    Path path = place(key, kind);
    try (FSDataInputStream in = fileSystem.open(path)) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void write(StageKey key, Kind kind, byte[] product) {
    Path path = place(key, kind);
    try {
      if (!fileSystem.exists(path)) {
        writeAndRename(product, path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + e.getMessage(), e);
    }
  }

  private void writeAndRename(byte[] product, Path path) throws IOException {
    Path temporary = new Path(path.getParent(), "." + path.getName() + "." + UUID.randomUUID());
    boolean renamed = false;
    try {
      try (FSDataOutputStream out = fileSystem.create(temporary, true)) {
        out.write(product);
      }
      renamed = fileSystem.rename(temporary, path);
      // False where another attempt was faster, whose product stays.
      if (!renamed && !fileSystem.exists(path)) {
        throw new IOException("could not be renamed into place");
      }
    } finally {
      if (!renamed) {
        fileSystem.delete(temporary, false);
      }
    }
  }

  @Override
  public void remove(StageKey key, Kind kind) {
    Path path = place(key, kind);
    try {
      fileSystem.delete(path, false);
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String path(StageKey key, Kind kind) {
    return fileSystem.makeQualified(place(key, kind)).toString();
  }

  private Path place(StageKey key, Kind kind) {
    return new Path(root, key.hex().substring(0, 2) + "/" + key.hex() + kind.extension());
  }
}
