package dev.pare.layers;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Threads among which one that computes divides its work. Work is cut in {@link #PARTS} whatever
 * their number, so that no bit of a result depends on it.
 */
public final class Team implements AutoCloseable {
  /** How many pieces work is cut into; more threads than these are of no use. */
  public static final int PARTS = 4;

  /** Numbers in memory; the work on fewer takes no longer than it takes to wake a thread. */
  private static final int WORTHWHILE = 1 << 16;

  private static final ThreadLocal<Team> CURRENT = new ThreadLocal<>();

  private final int helpers;
  private final ExecutorService threads;

  private Team(int size) {
    this.helpers = size - 1;
    this.threads =
        Executors.newFixedThreadPool(
            Math.max(1, helpers),
            work -> {
              Thread thread = new Thread(work, "pare-team");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Computes something on the calling thread, which has helpers meanwhile.
   *
   * @param size of the team, the calling thread included, at least 1
   */
  public static <R> R compute(int size, Supplier<R> work) {
    if (size < 1) {
      throw new IllegalArgumentException("a team of " + size);
    }
    Team before = CURRENT.get();
    try (Team team = new Team(Math.min(size, PARTS))) {
      CURRENT.set(team);
      return work.get();
    } finally {
      if (before == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
    }
  }

  /** Whether the calling thread has a team to divide its work among. */
  static boolean isThere() {
    return CURRENT.get() != null;
  }

  /**
   * Does some work of which any division gives the same, each part once and by one thread, and
   * returns when all is done. Without a team, and if it is little, it is one part.
   *
   * @param from first of the numbers that are worked on
   * @param to after the last
   * @param each about how many numbers in memory one of these stands for
   */
  public static void divide(int from, int to, int each, Part part) {
    Team team = CURRENT.get();
    if (team == null || ((long) to - from) * each < WORTHWHILE) {
      part.compute(from, to);
      return;
    }
    long size = (long) to - from;
    team.all(
        number ->
            part.compute(
                from + (int) (size * number / PARTS), from + (int) (size * (number + 1) / PARTS)));
  }

  /** Does each part of some work once and by one thread; the calling thread must have a team. */
  static void each(IntConsumer part) {
    requireNonNull(CURRENT.get(), "no team").all(part);
  }

  /** Part of some work. */
  @FunctionalInterface
  public interface Part {
    /** On numbers from {@code from} to {@code to − 1}. */
    void compute(int from, int to);
  }

  private void all(IntConsumer part) {
    AtomicInteger next = new AtomicInteger();
    Runnable take =
        () -> {
          for (int number = next.getAndIncrement();
              number < PARTS;
              number = next.getAndIncrement()) {
            part.accept(number);
          }
        };
    List<Future<?>> others = new ArrayList<>();
    for (int i = 0; i < helpers; i++) {
      others.add(threads.submit(take));
    }
    try {
      take.run();
    } finally {
      others.forEach(Team::join);
    }
  }

  /** Waits even if interrupted: parts write to arrays that the caller reads. */
  private static void join(Future<?> part) {
    boolean interrupted = false;
    try {
      while (!part.isDone()) {
        try {
          part.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      part.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException thrown
          ? thrown
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
