package dev.pare.pipeline;

import dev.pare.candidate.StageKey;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;

/** A product that should be in the store is not, or is damaged: it has to be made again. */
public final class MissingProductException extends UncheckedIOException {
  private static final long serialVersionUID = 1;

  private final StageKey key;

  MissingProductException(StageKey key, String path) {
    super(new FileNotFoundException(path + ": missing or damaged"));
    this.key = key;
  }

  /** Whose product is missing. */
  public StageKey key() {
    return key;
  }
}
