package dev.pare.task;

/**
 * A task cannot use the device that Spark gave it, for a reason that another try would meet again.
 */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DeviceException(String message) {
    super(message);
  }
}
