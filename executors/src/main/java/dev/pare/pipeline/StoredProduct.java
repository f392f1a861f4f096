package dev.pare.pipeline;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.MalformedArtifactException;
import dev.pare.pipeline.StageStore.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Products as they lie on the storage, each with a checksum: a .pare file has its own, the others
 * end with a line of text, which leaves a report readable.
 *
 * <pre>
 *   product … | \n crc32c SP 8 hexadecimal digits \n
 * </pre>
 */
final class StoredProduct {
  private static final String SEAL = "\ncrc32c %08x\n";
  private static final int SEAL_BYTES = seal(new byte[0], 0).length;

  private StoredProduct() {}

  /** The bytes to store. */
  static byte[] close(Kind kind, byte[] product) {
    return switch (kind) {
      case NETWORK -> product;
      case LOGITS, REPORT -> {
        byte[] stored = Arrays.copyOf(product, Math.addExact(product.length, SEAL_BYTES));
        System.arraycopy(seal(product, product.length), 0, stored, product.length, SEAL_BYTES);
        yield stored;
      }
    };
  }

  /**
   * The product in stored bytes.
   *
   * @throws CorruptProductException if they are not what {@link #close} gave
   */
  static byte[] open(Kind kind, byte[] stored) throws CorruptProductException {
    return switch (kind) {
      case NETWORK -> {
        try {
          ArtifactReader.check(stored);
        } catch (MalformedArtifactException e) {
          throw new CorruptProductException(String.valueOf(e.getMessage()));
        }
        yield stored;
      }
      case LOGITS, REPORT -> {
        int length = stored.length - SEAL_BYTES;
        if (length < 0) {
          throw new CorruptProductException("ends after " + stored.length + " bytes");
        }
        byte[] seal = Arrays.copyOfRange(stored, length, stored.length);
        if (!Arrays.equals(seal, seal(stored, length))) {
          throw new CorruptProductException("its checksum is not that of its bytes");
        }
        yield Arrays.copyOf(stored, length);
      }
    };
  }

  private static byte[] seal(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return SEAL.formatted(checksum.getValue()).getBytes(StandardCharsets.US_ASCII);
  }
}
