package dev.pare.data;

import dev.pare.candidate.Credentials;
import org.jspecify.annotations.Nullable;

/**
 * The data cannot be used as configured: a file is not there, or the files do not fit the settings
 * or each other. Trying again does not help; a failure of the storage is an {@link
 * java.io.UncheckedIOException} instead. Credentials in paths are masked.
 */
public class DataException extends RuntimeException {
  public DataException(String message) {
    super(Credentials.inMessage(message));
  }

  public DataException(String message, @Nullable Throwable cause) {
    super(Credentials.inMessage(message), cause);
  }
}
