package dev.pare.schedule;

/** What a run does about candidates that failed by their own settings in an earlier run. */
public enum RetryPolicy {
  /** Takes them as settled: another try would come to the same. */
  KEEP_FAILURES,
  /** Tries them again, as after a change of Pare or of the machine. */
  RETRY_FAILURES
}
