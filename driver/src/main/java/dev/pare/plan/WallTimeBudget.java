package dev.pare.plan;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import java.util.function.LongSupplier;

/**
 * A time of the clock from the first candidate on, of one run: as many candidates as are going to
 * end within it if they end as fast as those before. Which the last ones are depends on the
 * machine.
 */
final class WallTimeBudget implements SearchBudget {
  private final double seconds;
  private final int atFirst;
  private final LongSupplier nanoTime;
  private double kept;
  private long start;
  private boolean hasBegun;
  private long ended;

  /**
   * @param later share of the time that is kept until it is {@linkplain #release released}
   * @param atFirst how many candidates to ask for before one has ended, and at most to wait for
   */
  WallTimeBudget(double seconds, double later, int atFirst, LongSupplier nanoTime) {
    this.seconds = seconds;
    this.kept = later * seconds;
    this.atFirst = atFirst;
    this.nanoTime = nanoTime;
  }

  @Override
  public void begin(Candidate candidate) {
    if (!hasBegun) {
      start = nanoTime.getAsLong();
      hasBegun = true;
    }
  }

  @Override
  public void take(Candidate candidate, Outcome outcome) {
    ended++;
  }

  @Override
  public int room(int waiting) {
    return (int) Math.max(0, Math.min(left(), atFirst) - waiting);
  }

  @Override
  public void release() {
    kept = 0;
  }

  @Override
  public long left() {
    double elapsed = hasBegun ? (nanoTime.getAsLong() - start) / 1e9 : 0;
    if (ended == 0) {
      return elapsed < seconds - kept ? atFirst : 0;
    }
    return (long) Math.max(0, (seconds - kept - elapsed) * ended / Math.max(elapsed, 1e-9));
  }
}
