package dev.pare.schedule;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.StageKey;
import dev.pare.pipeline.ProductDigest;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageStore;
import dev.pare.pipeline.StageStore.Kind;
import dev.pare.pipeline.StoredNetworks;
import dev.pare.plan.StageTree;
import dev.pare.plan.StageTree.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private final StoredNetworks networks;

  public StoredReports(StageStore store) {
    this.store = requireNonNull(store, "store is null");
    this.networks = new StoredNetworks(store);
  }

  /**
   * The reports of those stages that have one, and its product, by name and length. Left out are
   * those of stages that were computed from another product than the one of their parent's report.
   *
   * @throws UncheckedIOException if the store cannot be read
   * @throws IllegalStateException if the thread is interrupted
   */
  public Map<StageKey, StageReport> read(StageTree tree) {
    return read(tree.all(), tree.root(), Map.of());
  }

  /**
   * The same of stages that a tree has newly got.
   *
   * @param root of the tree
   * @param known reports of its other stages
   */
  public Map<StageKey, StageReport> read(
      List<Stage> stages, StageKey root, Map<StageKey, StageReport> known) {
    Map<StageKey, StageReport> reports = new ConcurrentHashMap<>();
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
    return consistent(stages, root, known, reports);
  }

  private Map<StageKey, StageReport> consistent(
      List<Stage> stages,
      StageKey root,
      Map<StageKey, StageReport> known,
      Map<StageKey, StageReport> reports) {
    Map<StageKey, ProductDigest> products = new HashMap<>();
    networks.report(root).ifPresent(report -> products.put(root, report.product()));
    for (Stage stage : stages) {
      stage
          .parent()
          .flatMap(parent -> Optional.ofNullable(known.get(parent.key())))
          .filter(report -> report.product() != null)
          .ifPresent(report -> products.put(report.key(), report.product()));
    }
    Set<StageKey> stale = new HashSet<>();
    for (Stage stage : stages) {
      StageReport report = reports.get(stage.key());
      ProductDigest parent = report == null ? null : report.parent();
      if (parent != null
          && (stale.contains(parent.stage())
              || !parent.equals(products.getOrDefault(parent.stage(), parent)))) {
        LOG.warn(
            "{} was computed from another product of {} than the store has; the stage runs again",
            store.path(stage.key(), Kind.REPORT),
            parent.stage().abbreviated());
        stale.add(stage.key());
        reports.remove(stage.key());
      } else if (report != null && report.product() != null) {
        products.put(stage.key(), report.product());
      }
    }
    return reports;
  }

  private void read(StageKey key, Map<StageKey, StageReport> into) {
    networks
        .report(key)
        .ifPresent(
            report -> {
              if (report.failure() != null || networks.isPresent(report)) {
                into.put(key, report);
              } else {
                LOG.warn(
                    "{} is not the product of its report, the stage runs again",
                    store.path(key, Kind.NETWORK));
              }
            });
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
