package dev.pare.schedule;

import dev.pare.candidate.StageKey;
import dev.pare.task.TransientFailure;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Tells a storage that is down from one that failed once: nothing succeeds any more, whatever is
 * tried and wherever.
 */
final class StorageBreaker {
  private static final int LEAST = 8;
  private static final long FIRST_PAUSE_NANOS = 50_000_000;
  private static final int MOST_DOUBLINGS = 5;

  private final Set<StageKey> tasks = new HashSet<>();
  private final Set<String> executors = new HashSet<>();
  // How much had gone well when a task last failed.
  private final Map<StageKey, Long> successesBefore = new HashMap<>();
  private int failures;
  private long successes;

  /** Something went well. */
  void success() {
    successes++;
    if (failures > 0) {
      failures = 0;
      tasks.clear();
      executors.clear();
    }
  }

  /**
   * The storage failed a task.
   *
   * @param slots how many tasks run at once
   * @return whether the task may be at fault: it failed for the first time, or failed again though
   *     something else went well, or the row is so long that a storage which is down would have
   *     opened this
   */
  boolean failure(StageKey task, TransientFailure failure, int slots) {
    failures++;
    tasks.add(task);
    executors.add(failure.executor());
    Long before = successesBefore.put(task, successes);
    return before == null || before != successes || failures >= limit(slots);
  }

  /**
   * Whether to give up.
   *
   * @param slots how many tasks run at once
   * @param runnable how many tasks could run now
   * @param others whether there are executors beside one, so that one alone may be at fault
   */
  boolean isOpen(int slots, int runnable, boolean others) {
    int limit = limit(slots);
    return failures >= limit
        && tasks.size() >= Math.min(limit, runnable)
        && (executors.size() > 1 || !others);
  }

  private static int limit(int slots) {
    return Math.max(LEAST, 2 * slots);
  }

  /** How many failures there were in a row. */
  int failures() {
    return failures;
  }

  /** For how long to submit nothing: longer after each failure in a row. */
  long pauseNanos() {
    return failures == 0 ? 0 : FIRST_PAUSE_NANOS << Math.min(failures - 1, MOST_DOUBLINGS);
  }
}
