package dev.pare.artifact;

import dev.pare.artifact.MalformedArtifactException.Fault;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** SHA-256 of files. */
final class Digest {
  static final int BYTES = 32;

  private Digest() {}

  static byte[] of(byte[] file) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(file);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * @param what is expected, up to the digest, for the message
   * @throws MalformedArtifactException if a file has another digest
   */
  static void check(String what, byte[] expected, byte[] file) {
    byte[] digest = of(file);
    if (!Arrays.equals(digest, expected)) {
      HexFormat hex = HexFormat.of();
      throw new MalformedArtifactException(
          Fault.OTHER_FILE,
          0,
          "%s %s, this one has %s".formatted(what, hex.formatHex(expected), hex.formatHex(digest)));
    }
  }
}
