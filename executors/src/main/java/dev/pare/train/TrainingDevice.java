package dev.pare.train;

import java.util.Optional;

/**
 * What trains many students at once, each as if it were alone: its numbers do not depend on who
 * else is trained. Any number of threads may call.
 */
public interface TrainingDevice {
  /** What it is, with its driver, for people and for provenance. */
  String description();

  /** Why it cannot train so, in words that follow "because"; empty if it can. */
  Optional<String> refusal(TrainingRun run);

  /**
   * Trains as {@link Trainer#train} does, but for rounding. Returns when that is done.
   *
   * @param run that it does not refuse
   * @throws TrainingDivergedException if a loss is no finite number
   * @throws DeviceFailureException if the device fails or has no room
   * @throws java.util.concurrent.CancellationException if the thread is interrupted, which it stays
   */
  void train(TrainingRun run);
}
