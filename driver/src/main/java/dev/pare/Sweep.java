package dev.pare;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.frontier.FrontierChange;
import dev.pare.history.RunTime;
import dev.pare.ledger.Ledger;
import dev.pare.report.FrontierReport;
import dev.pare.report.SensitivityTable;
import dev.pare.run.SweepExecution;
import dev.pare.schedule.RetryPolicy;
import dev.pare.spec.SweepSpec;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * A sweep of compression settings, from its specification to its frontier: the entry for programs
 * and notebooks.
 *
 * <p>The same specification again goes on where an earlier run ended: what is in the store is not
 * computed twice.
 */
public final class Sweep {
  private Sweep() {}

  /**
   * What a sweep came to.
   *
   * @param run what is kept of it
   * @param change what the frontier gained or lost against the run before; null if there was none
   */
  public record Result(
      FrontierReport frontier,
      Map<Candidate, Outcome> outcomes,
      RunTime run,
      @Nullable FrontierChange change) {
    public Result {
      requireNonNull(frontier, "frontier is null");
      outcomes = Collections.unmodifiableMap(new LinkedHashMap<>(outcomes));
      requireNonNull(run, "run is null");
    }

    /** The frontier as {@link SweepTables#frontier} has it. */
    public Dataset<Row> frontierTable() {
      return SweepTables.of(SparkSession.active(), frontier);
    }

    /** Every candidate as {@link SweepTables#ledger} has it. */
    public Dataset<Row> candidateTable() {
      return Ledger.table(SparkSession.active(), outcomes);
    }
  }

  /** Runs a sweep quietly. */
  public static Result run(SparkSession session, SweepSpec spec) {
    return run(session, spec, Progress.SILENT);
  }

  /** Runs a sweep; what failed by its own settings in an earlier run is not tried again. */
  public static Result run(SparkSession session, SweepSpec spec, Progress progress) {
    return run(session, spec, progress, RetryPolicy.KEEP_FAILURES);
  }

  /**
   * Runs a sweep and leaves its results under {@link SweepSpec#out()}.
   *
   * @throws dev.pare.data.DataException if the data or the teacher cannot be used
   * @throws UncheckedIOException if the storage fails on the driver, or on executors whatever is
   *     tried
   * @throws IllegalStateException if the thread is interrupted, which ends the sweep; it may be
   *     gone on with later
   */
  public static Result run(
      SparkSession session, SweepSpec spec, Progress progress, RetryPolicy resume) {
    return new SweepExecution(session, spec, progress, resume).run(Result::new);
  }

  /**
   * Measures how sensitive the teacher is to the sparsity of each of its layers, by every saliency
   * and granularity of the sweep, and adds it to {@code sensitivity.csv} under {@link
   * SweepSpec#out()}. The teacher is trained if it is not in the store.
   *
   * @throws dev.pare.data.DataException if the data or the teacher cannot be used
   */
  public static SensitivityTable sensitivity(
      SparkSession session, SweepSpec spec, Progress progress) {
    return new SweepExecution(session, spec, progress, RetryPolicy.KEEP_FAILURES)
        .measureSensitivity();
  }
}
