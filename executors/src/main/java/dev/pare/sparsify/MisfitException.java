package dev.pare.sparsify;

/** A technique cannot treat a network, or a layer of it. */
public final class MisfitException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public MisfitException(String message) {
    super(message);
  }
}
