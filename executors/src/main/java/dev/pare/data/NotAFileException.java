package dev.pare.data;

import java.io.IOException;

/**
 * What was to be read may have no end, or wait for another program. The message does not name it.
 */
public final class NotAFileException extends IOException {
  private static final long serialVersionUID = 1;

  NotAFileException() {
    super("is a pipe or a device, not a file");
  }
}
