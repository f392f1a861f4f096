package dev.pare.train;

/** The loss or a variable became infinite or no number; the same settings will do so again. */
public final class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TrainingDivergedException(String message) {
    super(message);
  }
}
