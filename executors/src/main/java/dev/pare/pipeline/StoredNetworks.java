package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.MalformedArtifactException;
import dev.pare.candidate.StageKey;
import dev.pare.pipeline.StageStore.Kind;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The networks of a store, each bound to its stage by the {@link ProductDigest} in the stage's
 * report: a file that is valid, but not the one that the report is of, counts as missing. So does
 * one whose report has no digest, as those of versions that wrote none.
 */
public final class StoredNetworks {
  private static final Logger LOG = LoggerFactory.getLogger(StoredNetworks.class);

  private final StageStore store;

  public StoredNetworks(StageStore store) {
    this.store = requireNonNull(store, "store is null");
  }

  /** A network, and the digest of the file that it was read from. */
  public record Read(ProductDigest digest, CompressedNetwork network) {
    public Read {
      requireNonNull(digest, "digest is null");
      requireNonNull(network, "network is null");
    }

    /** About how much memory it takes. */
    long bytes() {
      return (long) network.architecture().parameters() * Float.BYTES;
    }
  }

  private record Cached(String path) implements ProductCache.Key<Read> {}

  private record Measured(ProductDigest digest) implements ProductCache.Key<Read> {}

  /** The report of a stage; none if it is of another stage or of another version of Pare. */
  public Optional<StageReport> report(StageKey key) {
    Optional<byte[]> json = store.read(key, Kind.REPORT);
    if (json.isEmpty()) {
      return Optional.empty();
    }
    String path = store.path(key, Kind.REPORT);
    try {
      StageReport report = StageReport.fromJson(json.get());
      if (report.key().equals(key)) {
        return Optional.of(report);
      }
      LOG.warn(
          "{} is the report of another stage, {}; this one runs again",
          path,
          report.key().abbreviated());
    } catch (IOException e) {
      LOG.warn("{} is no report of this version, the stage runs again: {}", path, e.getMessage());
    }
    return Optional.empty();
  }

  /**
   * What a stage's report says that its network's file is.
   *
   * @throws MissingProductException if there is no report of it
   */
  public ProductDigest product(StageKey key) {
    return report(key).map(StageReport::product).orElseThrow(() -> missing(key));
  }

  /** Whether a report's product is there, by name and length: nothing is read. */
  public boolean isPresent(StageReport report) {
    ProductDigest product = report.product();
    return product != null
        && store.storedBytes(report.key(), Kind.NETWORK).orElse(-1) == product.bytes();
  }

  /** The file of a stage's network, if it is the one that the stage's report is of. */
  public Optional<byte[]> read(StageKey key) {
    return report(key).map(StageReport::product).flatMap(this::read);
  }

  /** The file with a digest, if it is what lies in its place. */
  public Optional<byte[]> read(ProductDigest digest) {
    Optional<byte[]> file = store.read(digest.stage(), Kind.NETWORK);
    if (file.isPresent() && !ProductDigest.of(digest.stage(), file.get()).equals(digest)) {
      LOG.warn(
          "{} is not the file that its stage wrote and counts as missing; it will be computed again",
          store.path(digest.stage(), Kind.NETWORK));
      return Optional.empty();
    }
    return file;
  }

  /**
   * A network, read once for all who ask with the same cache.
   *
   * @throws MissingProductException if it is not there
   */
  public Read network(StageKey key, ProductCache cache) {
    return cache.get(
        new Cached(store.path(key, Kind.NETWORK)), Read::bytes, () -> decode(key, read(key)));
  }

  /**
   * The network whose file has a digest, read once for all who ask with the same cache.
   *
   * @throws MissingProductException if another file lies in its place, or none
   */
  public Read network(ProductDigest digest, ProductCache cache) {
    StageKey key = digest.stage();
    Read first = network(key, cache);
    // What was read before may have been replaced together with its report.
    return first.digest().equals(digest)
        ? first
        : cache.get(new Measured(digest), Read::bytes, () -> decode(key, read(digest)));
  }

  private Read decode(StageKey key, Optional<byte[]> stored) {
    byte[] file = stored.orElseThrow(() -> missing(key));
    try {
      CompressedNetwork network = new ArtifactReader().decode(file).network();
      return new Read(ProductDigest.of(key, file), network);
    } catch (MalformedArtifactException e) {
      LOG.warn(
          "{} is damaged and counts as missing; it will be computed again: {}",
          store.path(key, Kind.NETWORK),
          e.getMessage());
      throw missing(key);
    }
  }

  MissingProductException missing(StageKey key) {
    return new MissingProductException(key, store.path(key, Kind.NETWORK));
  }
}
