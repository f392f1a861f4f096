package dev.pare.schedule;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * How many tasks may be with Spark at once. Enough that no slot waits for the driver and dynamic
 * allocation sees demand; no more than that, since what Spark has already been given is out of
 * reach for a task with a longer path.
 */
final class FlightLimit {
  private static final int TASKS_PER_SLOT = 3;
  private static final int LEAST = 4;
  private static final int MOST = 4096;
  private static final long WINDOW_NANOS = 1_000_000_000;

  private final IntSupplier slots;
  private final LongSupplier nanoTime;
  private long windowStart;
  private int countedSlots;
  private int finished;
  private int finishedInLastWindow;

  /**
   * @param slots how many tasks run at once; asked once a second, since executors come and go
   */
  FlightLimit(IntSupplier slots, LongSupplier nanoTime) {
    this.slots = slots;
    this.nanoTime = nanoTime;
    this.windowStart = nanoTime.getAsLong();
    this.countedSlots = slots.getAsInt();
  }

  /** Takes note of a task that is with Spark no more. */
  void finished() {
    roll();
    finished++;
  }

  /** A few for each slot, or as many as finish within a second where tasks are that short. */
  int most() {
    roll();
    int recent = Math.max(finished, finishedInLastWindow);
    long wanted = Math.max((long) TASKS_PER_SLOT * countedSlots, recent);
    return (int) Math.max(LEAST, Math.min(MOST, wanted));
  }

  /** How many tasks run at once. */
  int slots() {
    roll();
    return countedSlots;
  }

  private void roll() {
    long now = nanoTime.getAsLong();
    if (now - windowStart >= WINDOW_NANOS) {
      finishedInLastWindow = now - windowStart < 2 * WINDOW_NANOS ? finished : 0;
      finished = 0;
      windowStart = now;
      countedSlots = slots.getAsInt();
    }
  }
}
