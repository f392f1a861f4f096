package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.DecodedArtifact;
import dev.pare.artifact.MalformedArtifactException;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.graph.Architecture;
import dev.pare.pipeline.StageStore.Kind;
import dev.pare.rewrite.WrittenNetwork;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs stage tasks: gets the parent's network from the store, runs the stages, keeps the product
 * and the report.
 *
 * <p>What the settings themselves bring about becomes a failure in the report, since another try
 * would meet it again. Failing storage and missing memory are thrown: elsewhere, or later, the task
 * may well succeed.
 */
public final class StageRunner {
  private static final Logger LOG = LoggerFactory.getLogger(StageRunner.class);

  private final StageStore store;
  private final DistillationData distillation;
  private final ProductCache cache;
  private final CandidatePipeline pipeline;
  private final StoredNetworks networks;

  /**
   * @param cache for the networks that stages start from
   */
  public StageRunner(StageStore store, DistillationData distillation, ProductCache cache) {
    this.store = requireNonNull(store, "store is null");
    this.distillation = requireNonNull(distillation, "distillation is null");
    this.cache = requireNonNull(cache, "cache is null");
    this.networks = new StoredNetworks(store);
    this.pipeline = new CandidatePipeline(distillation);
  }

  /**
   * Runs a task and reports each step that is kept, in the order of the steps. A product is in the
   * store before its report is. What is in the store already with its report is not computed again,
   * and a step that fails fails those that start from it and no other. A failure of Pare's own is
   * reported, but not put into the store: a later run tries again.
   *
   * @param provenance of every step but for the seed
   * @throws UncheckedIOException if the storage fails; {@link MissingProductException} if what a
   *     step starts from is not there
   */
  public List<StageReport> run(StageTask task, Provenance provenance) {
    return new TaskRun(store, this, task, provenance).run();
  }

  /** What a stage makes of a network. */
  WrittenNetwork product(StageTask.Step step, CompressedNetwork student) {
    return pipeline.written(step.settings(), student, step.key().seed());
  }

  /** What a student is compared with: the teacher, since units may be gone by now. */
  Architecture original(CompressedNetwork student) {
    return distillation.teacher().orElse(student.architecture());
  }

  StoredNetworks.Read network(StageKey key) {
    return networks.network(key, cache);
  }

  private DecodedArtifact decoded(StageKey key, byte[] file) {
    try {
      return new ArtifactReader().decode(file);
    } catch (MalformedArtifactException e) {
      throw new FileMismatchException(store.path(key, Kind.NETWORK) + ": " + e.getMessage());
    }
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
   * @param original the network that was compressed, of which the file may have fewer parameters
   */
  Kept keep(StageKey key, StageSettings.Kind kind, WrittenNetwork student, Architecture original) {
    byte[] written = student.file();
    Optional<byte[]> earlier = networks.read(key);
    if (earlier.isEmpty()) {
      store.write(key, Kind.NETWORK, written);
    }
    boolean candidate = kind == StageSettings.Kind.ENCODE;
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
        candidate
            ? FileMeasurement.of(
                file,
                decoded,
                student.byOrigin(),
                original,
                distillation.validation(),
                distillation.metric())
            : null);
  }

  static final class FileMismatchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FileMismatchException(String message) {
      super(message);
    }
  }
}
