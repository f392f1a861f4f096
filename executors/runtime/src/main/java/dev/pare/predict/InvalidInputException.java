package dev.pare.predict;

/** Raw values that a network cannot be given; the message names the one. */
public final class InvalidInputException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidInputException(String message) {
    super(message);
  }

  InvalidInputException(IllegalArgumentException cause) {
    super(cause.getMessage(), cause);
  }
}
