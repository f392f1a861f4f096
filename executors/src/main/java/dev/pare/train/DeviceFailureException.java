package dev.pare.train;

/** A device failed, or has no room: elsewhere, or later, the same may well succeed. */
public final class DeviceFailureException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public DeviceFailureException(String message) {
    super(message);
  }
}
