package dev.pare.predict;

/** A file whose network has a layer that only DL4J runs; the message names it. */
public final class UnsupportedLayerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsupportedLayerException(IllegalArgumentException cause) {
    super(cause.getMessage(), cause);
  }
}
