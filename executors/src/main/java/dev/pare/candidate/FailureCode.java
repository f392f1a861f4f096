package dev.pare.candidate;

/**
 * Why a candidate failed. Numbers are stable: 100s its own settings, 200s Pare itself, 300s
 * resources.
 */
public enum FailureCode {
  /** The loss or a parameter became infinite or no number. */
  TRAINING_DIVERGED(100),
  /** A technique cannot treat the network, or a layer of it. */
  SETTINGS_MISFIT(101),
  /** The decoded file is not the network that was written. */
  FILE_MISMATCH(200),
  /** An error in Pare. */
  INTERNAL(201),
  /** Retries were used up by lost executors, I/O errors or missing memory. */
  RESOURCES_EXHAUSTED(300);

  private final int number;

  FailureCode(int number) {
    this.number = number;
  }

  /** Stable number. */
  public int number() {
    return number;
  }
}
