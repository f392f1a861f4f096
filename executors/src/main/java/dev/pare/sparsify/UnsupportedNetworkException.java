package dev.pare.sparsify;

/** A technique cannot treat a network, or a layer of it. */
public final class UnsupportedNetworkException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnsupportedNetworkException(String message) {
    super(message);
  }
}
