package dev.pare.candidate;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The content address of a stage's product: SHA-256 over the canonical JSON of all that determines
 * it. Equal keys, equal bytes.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record StageKey(String hex) implements Serializable, Comparable<StageKey> {
  // To look a digest up takes about as long as to compute one.
  private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Sha256::digest);

  public StageKey {
    // No stream: plans make millions of keys.
    boolean good = hex.length() == 64;
    for (int i = 0; good && i < hex.length(); i++) {
      good = isLowerCaseDigit(hex.charAt(i));
    }
    if (!good) {
      throw new IllegalArgumentException("not a SHA-256: " + hex);
    }
  }

  /** The key of whatever {@code description}'s canonical JSON describes. */
  public static StageKey of(Record description) {
    byte[] json = CanonicalJson.of(description).getBytes(StandardCharsets.UTF_8);
    return new StageKey(HexFormat.of().formatHex(DIGEST.get().digest(json)));
  }

  private static boolean isLowerCaseDigit(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  /** The seed of every random choice within the stage: the first eight bytes of the key. */
  public long seed() {
    return Long.parseUnsignedLong(hex, 0, 16, 16);
  }

  /** The first twelve digits, for people. */
  public String abbreviated() {
    return hex.substring(0, 12);
  }

  @Override
  public int compareTo(StageKey other) {
    return hex.compareTo(other.hex);
  }
}
