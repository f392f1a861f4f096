package dev.pare.rewrite;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.ArtifactWriter;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.SectionCache;
import dev.pare.candidate.OriginBytes;
import dev.pare.codec.LevelCoding;
import dev.pare.train.TrainingDivergedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A network and its file, which is written when it is first asked for. Not for several threads. */
public final class WrittenNetwork {
  private final CompressedNetwork network;
  private final SectionCache contents;
  private final OriginBytes byOrigin;
  private byte[] file = {};

  private WrittenNetwork(CompressedNetwork network, SectionCache contents, OriginBytes byOrigin) {
    this.network = requireNonNull(network, "network is null");
    this.contents = requireNonNull(contents, "contents is null");
    this.byOrigin = requireNonNull(byOrigin, "byOrigin is null");
  }

  /** Of any network. */
  public static WrittenNetwork of(CompressedNetwork network) {
    return of(network, new SectionCache(LevelCoding.CONTEXT_ARITHMETIC));
  }

  /** Where some contents are made already. */
  static WrittenNetwork of(CompressedNetwork network, SectionCache contents) {
    return new WrittenNetwork(network, contents, OriginBytes.UNKNOWN);
  }

  /** The same of which it is known what others take. */
  WrittenNetwork with(OriginBytes bytes) {
    return new WrittenNetwork(network, contents, bytes);
  }

  /** What the network takes with and without its origin, where both were tried. */
  public OriginBytes byOrigin() {
    return byOrigin;
  }

  public CompressedNetwork network() {
    return network;
  }

  /**
   * All bytes of the file; not a copy, and not to be changed.
   *
   * @throws TrainingDivergedException if a number of the network is not finite, or a variance below
   *     0
   */
  public byte[] file() {
    if (file.length == 0) {
      try {
        ArtifactWriter.check(network);
      } catch (IllegalArgumentException e) {
        throw new TrainingDivergedException(requireNonNull(e.getMessage()));
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try {
        ArtifactWriter.write(network, contents, out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      file = out.toByteArray();
    }
    return file;
  }
}
