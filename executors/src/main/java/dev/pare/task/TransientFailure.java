package dev.pare.task;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Credentials;
import dev.pare.candidate.StageKey;
import dev.pare.pipeline.MissingProductException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FSError;
import org.jspecify.annotations.Nullable;

/**
 * Why a task came to nothing though another try, elsewhere or later, may well succeed.
 *
 * @param message for people
 * @param executor where it was, Spark's id and the host
 * @param missing the product that should be in the store and is not, if that is why
 */
public record TransientFailure(
    Kind kind, String message, String executor, @Nullable StageKey missing)
    implements Serializable {
  private static final String MORE_MEMORY =
      "; more memory (PARE_MEMORY, on a cluster spark.executor.memory) or fewer slots (--master"
          + " local[1], on a cluster spark.executor.cores) may help";

  public TransientFailure {
    requireNonNull(kind, "kind is null");
    requireNonNull(message, "message is null");
    requireNonNull(executor, "executor is null");
  }

  /** What was wanting. */
  public enum Kind {
    /** The store or the data could not be read or written. */
    STORAGE,
    /** Memory, on the heap or off it. */
    MEMORY,
    /** Anything else, as an executor without its natives. */
    OTHER
  }

  /** From what was thrown at some place. */
  static TransientFailure of(Throwable thrown, String executor) {
    Kind kind = Kind.OTHER;
    StageKey missing = null;
    Throwable root = thrown;
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      root = t;
      if (t instanceof IOException || t instanceof UncheckedIOException || t instanceof FSError) {
        kind = Kind.STORAGE;
      } else if (t instanceof OutOfMemoryError) {
        kind = Kind.MEMORY;
      }
      if (t instanceof MissingProductException product) {
        missing = product.key();
      }
    }
    // Pare's own wrapping of a failing storage says where, the cause says only what.
    Throwable told = thrown instanceof UncheckedIOException ? thrown : root;
    String plain = kind == Kind.STORAGE ? told.getMessage() : null;
    String message = plain == null ? told.toString() : plain;
    String line = Credentials.inMessage(message.lines().findFirst().orElse(""));
    return new TransientFailure(
        kind, kind == Kind.MEMORY ? line + MORE_MEMORY : line, executor, missing);
  }
}
