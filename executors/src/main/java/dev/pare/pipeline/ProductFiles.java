package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.DecodedArtifact;
import dev.pare.artifact.MalformedArtifactException;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.examine.RobustError;
import dev.pare.graph.Architecture;
import dev.pare.pipeline.StageStore.Kind;
import dev.pare.rewrite.WrittenNetwork;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the files of products, and measures those of candidates. */
final class ProductFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ProductFiles.class);

  private final StageStore store;
  private final StoredNetworks networks;
  private final DistillationData distillation;

  ProductFiles(StageStore store, DistillationData distillation) {
    this.store = requireNonNull(store, "store is null");
    this.networks = new StoredNetworks(store);
    this.distillation = requireNonNull(distillation, "distillation is null");
  }

  /**
   * A product in the store.
   *
   * @param network what the file holds
   * @param measurement of the file, if it is a candidate's
   */
  record Kept(ProductDigest digest, CompressedNetwork network, @Nullable Measurement measurement) {}

  /**
   * Keeps the network's file; if it is a candidate's, reads it back and measures what was read.
   *
   * @param parent that the stage started from: what the file is compared with where there is no
   *     teacher, as units may be gone by now
   * @throws FileMismatchException if what is read is not what was written
   */
  Kept keep(
      StageKey key, StageSettings settings, WrittenNetwork student, CompressedNetwork parent) {
    byte[] written = student.file();
    Optional<byte[]> earlier = networks.read(key);
    if (earlier.isEmpty()) {
      store.write(key, Kind.NETWORK, written);
    }
    boolean candidate = settings.kind() == StageSettings.Kind.ENCODE;
    byte[] file =
        candidate
            ? store.read(key, Kind.NETWORK).orElseThrow(() -> networks.missing(key))
            : earlier.orElse(written);
    boolean same = Arrays.equals(file, written);
    if (!candidate && same) {
      return new Kept(ProductDigest.of(key, file), student.network(), null);
    }
    DecodedArtifact decoded = decoded(key, file);
    String path = store.path(key, Kind.NETWORK);
    if (!same) {
      // On a machine that rounds otherwise, another attempt has come to another network. Its
      // file stays, and so it is what is measured.
      LOG.warn("{}: another attempt has written other bytes", path);
    } else if (!decoded.network().equals(student.network())) {
      throw new FileMismatchException(
          path + ": the decoded file is not the network that was written");
    }
    return new Kept(
        ProductDigest.of(key, file),
        decoded.network(),
        candidate ? measured((Encode) settings, file, decoded, student, parent) : null);
  }

  private Measurement measured(
      Encode settings,
      byte[] file,
      DecodedArtifact decoded,
      WrittenNetwork student,
      CompressedNetwork parent) {
    Architecture original = distillation.teacher().orElse(parent.architecture());
    Measurement measured =
        FileMeasurement.of(
            file,
            decoded,
            student.byOrigin(),
            original,
            distillation.validation(),
            distillation.metric());
    return settings.robustRadius() == null
        ? measured
        : measured.with(
            RobustError.of(
                decoded.network().toNetwork(),
                distillation.validation(),
                distillation.space(),
                settings.robustRadius()));
  }

  private DecodedArtifact decoded(StageKey key, byte[] file) {
    try {
      return new ArtifactReader().decode(file);
    } catch (MalformedArtifactException e) {
      throw new FileMismatchException(store.path(key, Kind.NETWORK) + ": " + e.getMessage());
    }
  }

  /** A file that was written is not what was read. */
  static final class FileMismatchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FileMismatchException(String message) {
      super(message);
    }
  }
}
