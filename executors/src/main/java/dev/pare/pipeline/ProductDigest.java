package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Sha256;
import dev.pare.candidate.StageKey;
import java.io.Serializable;

/**
 * The bytes of a stage's product, told from any others.
 *
 * @param stage whose product it is
 * @param sha256 of its bytes, in 64 hexadecimal digits
 * @param bytes how many there are
 */
public record ProductDigest(StageKey stage, String sha256, long bytes) implements Serializable {
  public ProductDigest {
    requireNonNull(stage, "stage is null");
    requireNonNull(sha256, "sha256 is null");
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes = " + bytes + ": must be at least 0");
    }
  }

  /** The digest of a product. */
  public static ProductDigest of(StageKey stage, byte[] product) {
    return new ProductDigest(stage, Sha256.hex(product), product.length);
  }
}
