package dev.pare.onnx;

import org.jspecify.annotations.Nullable;

/**
 * An ONNX file is damaged, or holds what Pare does not support; the message names the node and its
 * operator where there is one.
 */
public final class OnnxException extends IllegalArgumentException {
  private static final int MOST_CHARACTERS = 120;

  OnnxException(String message) {
    super(message);
  }

  OnnxException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** A name from a file, as a message may show it. */
  static String shown(String name) {
    String plain = name.replaceAll("\\p{C}", "?");
    return plain.length() > MOST_CHARACTERS ? plain.substring(0, MOST_CHARACTERS) + "…" : plain;
  }
}
