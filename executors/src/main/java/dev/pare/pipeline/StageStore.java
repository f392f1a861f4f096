package dev.pare.pipeline;

import dev.pare.candidate.StageKey;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Products of stages under their content addresses. Whoever writes the same key writes the same
 * bytes, so that retries, speculation and several sweeps at once do no harm; a product is there
 * whole or not at all.
 *
 * <p>Every product has a checksum. One that was damaged on the storage counts as missing. What is
 * whole may still be another stage's: {@link StoredNetworks} reads only what a report is of.
 *
 * <p>Failing storage throws {@link java.io.UncheckedIOException}, naming the path.
 */
public interface StageStore {
  /** The kinds of products. */
  enum Kind {
    /** A network, as a .pare file. */
    NETWORK(".pare"),
    /** A teacher's logits. */
    LOGITS(".logits"),
    /** A stage's report, as JSON. */
    REPORT(".json");

    private final String extension;

    Kind(String extension) {
      this.extension = extension;
    }

    String extension() {
      return extension;
    }
  }

  /** The product, if it is there and undamaged. */
  Optional<byte[]> read(StageKey key, Kind kind);

  /** How many bytes of a product are there, damaged or not; empty if none are. Nothing is read. */
  OptionalLong storedBytes(StageKey key, Kind kind);

  /** Keeps the product, in place of any other that is there. */
  void write(StageKey key, Kind kind, byte[] product);

  /** Forgets a product, if it is there. */
  void remove(StageKey key, Kind kind);

  /** Where the product is, or would be. */
  String path(StageKey key, Kind kind);
}
