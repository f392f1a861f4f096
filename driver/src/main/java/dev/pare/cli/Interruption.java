package dev.pare.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a process that is told to end (Ctrl-C, or a cluster that kills a driver) interrupt the thread
 * that works, and waits a little while it puts its things in order. Spark and Hadoop's file systems
 * stop after that.
 */
final class Interruption implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Interruption.class);

  /** Before Spark, which has 50 of its own and 40 of Hadoop's, and the file systems with 10. */
  private static final int PRIORITY = 100;

  private static final long PATIENCE_SECONDS = 10;

  private final Thread worker = Thread.currentThread();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Runnable hook = this::interrupt;
  private volatile boolean requested;

  /** Watches over the calling thread until closed. */
  Interruption() {
    ShutdownHookManager.get()
        .addShutdownHook(hook, PRIORITY, 2 * PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * What a sweep's run comes to, or that it was interrupted.
   *
   * @return the exit code
   */
  static int watched(TerminalProgress progress, IntSupplier run) {
    try (Interruption interruption = new Interruption()) {
      try {
        return run.getAsInt();
      } catch (Throwable e) { // Spark throws checked exceptions without declaring them.
        // Spark ends a process whose memory runs out.
        if (!interruption.requested() || ErrorReport.isOutOfMemory(e)) {
          throw e;
        }
        progress.interrupted();
        return ExitCodes.INTERRUPTED;
      }
    }
  }

  /** Whether the process is about to end. */
  boolean requested() {
    return requested;
  }

  private void interrupt() {
    requested = true;
    worker.interrupt();
    try {
      if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("running stages did not end within {} s; the process ends now", PATIENCE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The thread has put its things in order. */
  @Override
  public void close() {
    ended.countDown();
    if (!requested) {
      try {
        ShutdownHookManager.get().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process is told to end this very moment; the hook finds nothing to wait for.
      }
    }
  }
}
