package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Credentials;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Start;
import dev.pare.pipeline.StageStore.Kind;
import dev.pare.pipeline.StageTask.Product;
import dev.pare.pipeline.StageTask.Step;
import dev.pare.rewrite.WrittenNetwork;
import dev.pare.sparsify.UnsupportedNetworkException;
import dev.pare.train.DeviceFailureException;
import dev.pare.train.TrainingDivergedException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a stage task: gets the parent's network from the store, runs the stages, keeps the
 * products and the reports.
 *
 * <p>What the settings themselves bring about becomes a failure in the report, since another try
 * would meet it again. Failing storage and missing memory are thrown: elsewhere, or later, the task
 * may well succeed.
 */
public final class StageRunner {
  private static final Logger LOG = LoggerFactory.getLogger(StageRunner.class);

  private final StageStore store;
  private final StoredNetworks stored;
  private final ProductCache cache;
  private final DistillationData distillation;
  private final ProductFiles files;
  private final StageTask task;
  private final Provenance provenance;
  private final Map<StageKey, StageReport> finished = new HashMap<>();
  private final Map<StageKey, CompressedNetwork> networks = new HashMap<>();

  /** The stored product that each network is, or was computed from. */
  private final Map<StageKey, ProductDigest> origins = new HashMap<>();

  private final Map<StageKey, Failure> failures = new HashMap<>();

  /** Of each step that was passed on, since the last one that was kept. */
  private final Map<StageKey, Map<StageSettings.Kind, Double>> seconds = new HashMap<>();

  /**
   * @param cache for the networks that stages start from
   * @param provenance of every step but for the seed
   */
  public StageRunner(
      StageStore store,
      DistillationData distillation,
      ProductCache cache,
      StageTask task,
      Provenance provenance) {
    this.store = requireNonNull(store, "store is null");
    this.stored = new StoredNetworks(store);
    this.cache = requireNonNull(cache, "cache is null");
    this.distillation = requireNonNull(distillation, "distillation is null");
    this.files = new ProductFiles(store, distillation);
    this.task = requireNonNull(task, "task is null");
    this.provenance = requireNonNull(provenance, "provenance is null");
  }

  /**
   * Runs the task and reports each step that is kept, in the order of the steps. A product is in
   * the store before its report is. What is in the store already with its report is not computed
   * again, and a step that fails fails those that start from it and no other. A failure of Pare's
   * own is reported, but not put into the store: a later run tries again.
   *
   * @throws UncheckedIOException if the storage fails; {@link MissingProductException} if what a
   *     step starts from is not there
   */
  public List<StageReport> run() {
    Set<StageKey> needed = needed();
    List<StageReport> reports = new ArrayList<>();
    for (Step step : task.steps()) {
      StageReport report = finished.get(step.key());
      if (report == null && needed.contains(step.key())) {
        report = run(step);
      }
      if (report != null && step.product() == Product.KEPT) {
        reports.add(report);
      }
    }
    return reports;
  }

  /**
   * The steps to run: those that are not finished, and those on whose product one of them waits.
   */
  private Set<StageKey> needed() {
    Set<StageKey> needed = new HashSet<>();
    Set<StageKey> waitedFor = new HashSet<>();
    for (int i = task.steps().size() - 1; i >= 0; i--) {
      Step step = task.steps().get(i);
      boolean kept = step.product() == Product.KEPT;
      if (kept ? !isFinished(step.key()) : waitedFor.contains(step.key())) {
        needed.add(step.key());
        waitedFor.add(step.parent());
      }
    }
    return needed;
  }

  private boolean isFinished(StageKey key) {
    StageReport report = stored.report(key).orElse(null);
    if (report == null) {
      return false;
    }
    if (report.failure() != null) {
      failures.put(key, report.failure());
    } else if (report.product() == null || stored.read(report.product()).isEmpty()) {
      return false;
    }
    finished.put(key, report);
    return true;
  }

  private StageReport run(Step step) {
    Failure failure = failures.get(step.parent());
    Map<StageSettings.Kind, Double> taken = new EnumMap<>(StageSettings.Kind.class);
    taken.putAll(seconds.getOrDefault(step.parent(), Map.of()));
    ProductFiles.@Nullable Kept kept = null;
    StageSettings.Kind kind = step.settings().kind();
    if (failure == null) {
      long start = System.nanoTime();
      try {
        CompressedNetwork student = first(step);
        WrittenNetwork product = stages(step).run(step.settings(), student, step.key().seed());
        if (step.product() == Product.KEPT) {
          kept = files.keep(step.key(), step.settings(), product, student);
          networks.put(step.key(), kept.network());
          origins.put(step.key(), kept.digest());
        } else {
          networks.put(step.key(), product.network());
          origins.put(step.key(), origins.get(step.parent()));
        }
      } catch (TrainingDivergedException e) {
        failure = failure(FailureCode.TRAINING_DIVERGED, kind, e);
      } catch (UnsupportedNetworkException e) {
        failure = failure(FailureCode.SETTINGS_MISFIT, kind, e);
      } catch (ProductFiles.FileMismatchException e) {
        failure = failure(FailureCode.FILE_MISMATCH, kind, e);
      } catch (UncheckedIOException | CancellationException | DeviceFailureException e) {
        throw e;
      } catch (RuntimeException e) {
        LOG.error("stage {} of {} failed", kind, step.key().abbreviated(), e);
        failure = failure(FailureCode.INTERNAL, kind, e);
      }
      taken.merge(kind, (System.nanoTime() - start) / 1e9, Double::sum);
    }
    if (failure != null) {
      failures.put(step.key(), failure);
    }
    StageReport report =
        new StageReport(
            step.key(),
            taken,
            kept == null ? null : kept.measurement(),
            failure,
            provenance.withSeed(step.key().seed()),
            kept == null ? null : kept.digest(),
            origins.get(step.parent()));
    if (step.product() == Product.PASSED_ON) {
      seconds.put(step.key(), taken);
    } else if (report.settled()) {
      store.write(step.key(), Kind.REPORT, report.toJson());
    }
    return report;
  }

  /** What a step starts from: the product of its parent, unless it has weights of its own. */
  private CompressedNetwork first(Step step) {
    CompressedNetwork student = student(step.parent());
    StageKey own = step.settings() instanceof Start start ? start.weights() : null;
    return own == null ? student : stored.network(own, cache).network();
  }

  private Stages stages(Step step) {
    return new Stages(
        step.start() == null
            ? distillation
            : distillation.ofStudentsOf(step.start().architecture()));
  }

  private CompressedNetwork student(StageKey parent) {
    CompressedNetwork known = networks.get(parent);
    if (known != null) {
      return known;
    }
    StoredNetworks.Read read = stored.network(parent, cache);
    networks.put(parent, read.network());
    origins.put(parent, read.digest());
    return read.network();
  }

  private static Failure failure(
      FailureCode code, StageSettings.Kind stage, RuntimeException cause) {
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new Failure(code, stage, Credentials.inMessage(message));
  }
}
