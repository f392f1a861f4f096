package dev.pare.train;

/**
 * The loss, a variable or an output became infinite or no number; the same settings will do so
 * again.
 */
public final class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public TrainingDivergedException(String message) {
    super(message);
  }
}
