package dev.pare.pipeline;

import dev.pare.candidate.Credentials;
import dev.pare.candidate.StageKey;
import dev.pare.data.FilePaths;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store on any Hadoop file system: a folder for each two first digits of a key. */
public final class HadoopStageStore implements StageStore {
  private static final Logger LOG = LoggerFactory.getLogger(HadoopStageStore.class);

  private final Path root;
  private final WholeFiles wholeFiles;
  private final FileSystem fileSystem;

  /**
   * @param root the store's folder; made when first written to
   */
  public HadoopStageStore(String root, Configuration hadoop) {
    this.root = new Path(root);
    try {
      this.wholeFiles = new WholeFiles(this.root, hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException(root + ": " + e.getMessage(), e);
    }
    this.fileSystem = wholeFiles.fileSystem();
  }

  @Override
  public Optional<byte[]> read(StageKey key, Kind kind) {
    Path path = place(key, kind);
    try (FSDataInputStream in = FilePaths.open(fileSystem, path)) {
      return Optional.of(StoredProduct.open(kind, in.readAllBytes()));
    } catch (CorruptProductException | ChecksumException e) {
      LOG.warn(
          "{} is damaged and counts as missing; it will be computed again: {}",
          Credentials.inMessage(fileSystem.makeQualified(path).toString()),
          e.getMessage());
      return Optional.empty();
    } catch (FileNotFoundException e) {
      // Local files that may not be read are said to be not found, too.
      if (exists(path)) {
        throw failed(path, e);
      }
      return Optional.empty();
    } catch (IOException e) {
      throw failed(path, e);
    } catch (FSError e) {
      throw failed(path, new IOException(e.getMessage(), e));
    }
  }

  @Override
  public OptionalLong storedBytes(StageKey key, Kind kind) {
    Path path = place(key, kind);
    try {
      FileStatus status = fileSystem.getFileStatus(path);
      return status.isFile() ? OptionalLong.of(status.getLen()) : OptionalLong.empty();
    } catch (FileNotFoundException e) {
      return OptionalLong.empty();
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private boolean exists(Path path) {
    try {
      return fileSystem.exists(path);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  @Override
  public void write(StageKey key, Kind kind, byte[] product) {
    Path path = place(key, kind);
    byte[] stored = StoredProduct.close(kind, product);
    try {
      if (kind != Kind.REPORT && !exists(path)) {
        wholeFiles.create(path, out -> out.write(stored));
      } else if (kind == Kind.REPORT || !isThere(key, kind, product)) {
        wholeFiles.replace(path, out -> out.write(stored));
      }
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private boolean isThere(StageKey key, Kind kind, byte[] product) {
    return read(key, kind).filter(there -> Arrays.equals(there, product)).isPresent();
  }

  private static UncheckedIOException failed(Path path, IOException cause) {
    return new UncheckedIOException(path + ": " + cause.getMessage(), cause);
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
