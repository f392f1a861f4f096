package dev.pare.export;

/** A network that cannot be exported, or that does not compute elsewhere what it computes here. */
public final class ExportException extends RuntimeException {
  ExportException(String message) {
    super(message);
  }
}
