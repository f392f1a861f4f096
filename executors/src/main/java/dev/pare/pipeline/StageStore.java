package dev.pare.pipeline;

import dev.pare.candidate.StageKey;
import java.util.Optional;

/**
 * Products of stages under their content addresses. Whoever writes the same key writes the same
 * bytes, so that retries, speculation and several sweeps at once do no harm; a product is there
 * whole or not at all.
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

  /** The product, if it is there. */
  Optional<byte[]> read(StageKey key, Kind kind);

  /** Keeps the product; one that is there already stays as it is. */
  void write(StageKey key, Kind kind, byte[] product);

  /** Forgets a product, if it is there. */
  void remove(StageKey key, Kind kind);

  /** Where the product is, or would be. */
  String path(StageKey key, Kind kind);
}
