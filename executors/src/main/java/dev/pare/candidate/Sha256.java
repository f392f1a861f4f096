package dev.pare.candidate;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests by which files are told apart. */
public final class Sha256 {
  private Sha256() {}

  /** The SHA-256 of some bytes, in 64 hexadecimal digits. */
  public static String hex(byte[] bytes) {
    return hex(bytes, 0);
  }

  /** The SHA-256 of the bytes from an index on. */
  public static String hex(byte[] bytes, int from) {
    MessageDigest digest = digest();
    digest.update(bytes, from, bytes.length - from);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A digest that has no bytes yet. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
