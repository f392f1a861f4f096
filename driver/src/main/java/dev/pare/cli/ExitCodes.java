package dev.pare.cli;

/** What the process returns. */
final class ExitCodes {
  static final int DONE = 0;

  /** The run failed. */
  static final int FAILED = 1;

  /**
   * The command line, the configuration, the data or the teacher cannot be used. Also picocli's
   * code for usage.
   */
  static final int USAGE = 2;

  /** A frontier is worse than it was, and the caller asked for that to be told so. */
  static final int WORSE = 3;

  /** Stopped by Ctrl-C, as shells have it: 128 and the signal's number. */
  static final int INTERRUPTED = 130;

  private ExitCodes() {}
}
