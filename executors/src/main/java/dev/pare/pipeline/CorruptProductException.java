package dev.pare.pipeline;

import java.io.IOException;

/** A product is not as it was written. */
final class CorruptProductException extends IOException {
  private static final long serialVersionUID = 1;

  CorruptProductException(String message) {
    super(message);
  }
}
