package dev.pare.export;

import org.jspecify.annotations.Nullable;

/** A network that cannot be exported, or that does not compute elsewhere what it computes here. */
public final class ExportException extends RuntimeException {
  public ExportException(String message) {
    super(message);
  }

  ExportException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
