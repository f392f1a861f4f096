package dev.pare.schedule;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.StageKey;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageStore;
import dev.pare.pipeline.StageStore.Kind;
import dev.pare.plan.StageTree;
import dev.pare.plan.StageTree.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What earlier runs, or other sweeps, have left in the store of a sweep's stages. */
public final class StoredReports {
  private static final Logger LOG = LoggerFactory.getLogger(StoredReports.class);

  /** A store may be far away: many questions at once. */
  private static final int THREADS = 16;

  private final StageStore store;

  public StoredReports(StageStore store) {
    this.store = requireNonNull(store, "store is null");
  }

  /**
   * The reports of those stages that have one.
   *
   * @throws UncheckedIOException if the store cannot be read
   * @throws IllegalStateException if the thread is interrupted
   */
  public Map<StageKey, StageReport> read(StageTree tree) {
    Map<StageKey, StageReport> reports = new ConcurrentHashMap<>();
    List<Stage> stages = tree.all();
    ForkJoinPool pool = new ForkJoinPool(THREADS);
    try {
      pool.submit(() -> stages.parallelStream().forEach(stage -> read(stage.key(), reports))).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading the store", e);
    } catch (ExecutionException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof IOException io) {
          throw new UncheckedIOException(io);
        }
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
    return reports;
  }

  private void read(StageKey key, Map<StageKey, StageReport> into) {
    byte[] json = store.read(key, Kind.REPORT).orElse(null);
    if (json != null) {
      try {
        StageReport report = StageReport.fromJson(json);
        if (report.failure() != null || store.read(key, Kind.NETWORK).isPresent()) {
          into.put(key, report);
        } else {
          LOG.warn("{} is gone, the stage runs again", store.path(key, Kind.NETWORK));
        }
      } catch (IOException e) {
        LOG.warn(
            "{} is no report of this version, the stage runs again: {}",
            store.path(key, Kind.REPORT),
            e.getMessage());
      }
    }
  }

  /**
   * Forgets the failures among some reports, so that their stages run again.
   *
   * @return the other reports
   */
  public Map<StageKey, StageReport> forgetFailures(Map<StageKey, StageReport> reports) {
    Map<StageKey, StageReport> good = new HashMap<>();
    reports.forEach(
        (key, report) -> {
          if (report.failure() == null) {
            good.put(key, report);
          } else {
            store.remove(key, Kind.REPORT);
          }
        });
    return good;
  }
}
