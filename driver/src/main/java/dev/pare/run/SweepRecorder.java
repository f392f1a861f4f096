package dev.pare.run;

import static java.util.Objects.requireNonNull;

import dev.pare.folder.SweepFolder;
import dev.pare.ledger.RunningLedger;
import dev.pare.status.StatusFile;
import dev.pare.status.SweepCounters;
import dev.pare.status.SweepStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a sweep's status, ledger and page up to date while it runs, on a thread of its own: a slow
 * storage keeps no stage waiting. A failing one is warned of; the sweep may outlast it.
 */
final class SweepRecorder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SweepRecorder.class);

  private static final long PERIOD_MILLIS = 1000;

  /** In periods. */
  private static final int STATUS_EVERY = 2;

  /** Seldom enough that a reader, who first looks at the file and then opens it, gets through. */
  private static final long LEDGER_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Writing the ledger, which grows, takes one part in so many of the time. */
  private static final int LEDGER_SHARE = 20;

  private static final long PATIENCE_SECONDS = 30;

  private final SweepCounters tally;
  private final SweepListener listener;
  private final SweepFolder folder;
  private final String configuration;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          runnable -> {
            Thread daemon = new Thread(runnable, "pare-recorder");
            daemon.setDaemon(true);
            return daemon;
          });
  private volatile @Nullable RunningLedger ledger;
  private volatile @Nullable RunningPage page;
  private long beats;
  private long ledgerDueNanos = System.nanoTime();
  private boolean warned;

  /**
   * @param configuration SHA-256 of the sweep's, as it is among the results
   */
  SweepRecorder(
      SweepCounters tally, SweepListener listener, SweepFolder folder, String configuration) {
    this.tally = requireNonNull(tally, "tally is null");
    this.listener = requireNonNull(listener, "listener is null");
    this.folder = requireNonNull(folder, "folder is null");
    this.configuration = requireNonNull(configuration, "configuration is null");
    thread.scheduleWithFixedDelay(this::beat, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** From now on there is a ledger to be kept, and a page of it. */
  void keep(RunningLedger running, RunningPage shown) {
    ledger = running;
    page = shown;
  }

  private void beat() {
    try {
      SweepStatus status = tally.status();
      listener.status(status);
      if (beats++ % STATUS_EVERY == 0) {
        StatusFile.write(folder, status, configuration);
      }
      if (System.nanoTime() - ledgerDueNanos >= 0) {
        writeLedger();
      }
      RunningPage running = page;
      if (running != null) {
        running.write(System.nanoTime(), Instant.now());
      }
      warned = false;
    } catch (Throwable e) { // Whatever is thrown out of here would end all further beats.
      warn(e);
    }
  }

  private void writeLedger() {
    RunningLedger running = ledger;
    long start = System.nanoTime();
    if (running != null && running.write()) {
      long now = System.nanoTime();
      ledgerDueNanos = now + Math.max(LEDGER_NANOS, LEDGER_SHARE * (now - start));
    }
  }

  private void last() {
    try {
      writeLedger();
    } catch (RuntimeException | Error e) {
      warn(e);
    }
    try {
      RunningPage running = page;
      if (running != null) {
        running.stop(Instant.now());
      }
    } catch (IOException | RuntimeException | Error e) {
      warn(e);
    }
    try {
      SweepStatus status = tally.status();
      StatusFile.write(folder, status, configuration);
      listener.status(status);
    } catch (IOException | RuntimeException | Error e) {
      warn(e);
    }
  }

  private void warn(Throwable cause) {
    if (!warned) {
      LOG.warn("the state of the sweep cannot be kept: {}", cause.getMessage());
    }
    warned = true;
  }

  /** Writes how things stand, whatever the state of the calling thread, and ends. */
  @Override
  public void close() {
    thread.execute(this::last);
    thread.shutdown();
    boolean interrupted = Thread.interrupted();
    try {
      if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the state of the sweep could not be written within {} s", PATIENCE_SECONDS);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
