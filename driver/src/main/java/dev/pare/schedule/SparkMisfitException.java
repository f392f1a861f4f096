package dev.pare.schedule;

/** The Spark at hand is not one that this build of Pare can use. */
public final class SparkMisfitException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SparkMisfitException(String message) {
    super(message);
  }
}
