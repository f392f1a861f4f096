package dev.pare;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.data.DataLoader;
import dev.pare.data.ExamplesDigest;
import dev.pare.data.TrainingData;
import dev.pare.evaluate.Evaluator;
import dev.pare.frontier.FrontierChange;
import dev.pare.frontier.FrontierPoint;
import dev.pare.frontier.FrontierSnapshot;
import dev.pare.frontier.ParetoFrontier;
import dev.pare.history.Run;
import dev.pare.history.RunHistory;
import dev.pare.history.RunTime;
import dev.pare.ledger.Ledger;
import dev.pare.ledger.LedgerEntry;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageStore;
import dev.pare.plan.CandidateGrid;
import dev.pare.plan.CostModel;
import dev.pare.plan.StageTree;
import dev.pare.plan.Workload;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.Score;
import dev.pare.report.page.ReportData;
import dev.pare.report.page.ReportFiles;
import dev.pare.schedule.OutcomeBook;
import dev.pare.schedule.StoredReports;
import dev.pare.schedule.SweepScheduler;
import dev.pare.schedule.Teacher;
import dev.pare.schedule.TeacherProvider;
import dev.pare.spec.SweepSpec;
import dev.pare.task.ComputeLogits;
import dev.pare.task.RunStage;
import dev.pare.task.TestCorrectness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A sweep of compression settings, from its specification to its frontier: the entry for programs
 * and notebooks.
 *
 * <p>The same specification again goes on where an earlier run ended: what is in the store is not
 * computed twice.
 */
public final class Sweep {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  private final SparkSession session;
  private final JavaSparkContext spark;
  private final SweepSpec spec;
  private final Progress progress;
  private final Resume resume;
  private final Configuration hadoop;
  private final Broadcast<SerializableConfiguration> shippedHadoop;
  private final StageStore store;
  private final SweepFolder folder;

  private Sweep(SparkSession session, SweepSpec spec, Progress progress, Resume resume) {
    this.session = requireNonNull(session, "session is null");
    this.spec = requireNonNull(spec, "spec is null");
    this.progress = requireNonNull(progress, "progress is null");
    this.resume = requireNonNull(resume, "resume is null");
    this.spark = new JavaSparkContext(session.sparkContext());
    this.hadoop = spark.hadoopConfiguration();
    this.shippedHadoop = spark.broadcast(new SerializableConfiguration(hadoop));
    this.store = new HadoopStageStore(spec.store(), hadoop);
    this.folder = new SweepFolder(spec.out(), hadoop);
  }

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
    return run(session, spec, progress, Resume.KEEP_FAILURES);
  }

  /**
   * Runs a sweep and leaves its results under {@link SweepSpec#out()}.
   *
   * @throws dev.pare.data.DataException if the data or the teacher cannot be used
   * @throws UncheckedIOException if the storage fails on the driver, or on executors whatever is
   *     tried
   */
  public static Result run(SparkSession session, SweepSpec spec, Progress progress, Resume resume) {
    return new Sweep(session, spec, progress, resume).run();
  }

  private Result run() {
    TrainingData data = DataLoader.loadTraining(spec.data(), hadoop);
    // What is wrong with the test data is better known now than after hours.
    DataLoader.loadTest(spec.data(), data.shape(), data.classes(), hadoop);
    folder.writeText(SweepFolder.CONFIGURATION, spec.render());
    Teacher teacher =
        new TeacherProvider(spark, shippedHadoop, store).teacher(spec, data, progress::teacher);
    folder.writeTeacher(teacher.network());
    Correctness teacherValidation = Evaluator.correctness(teacher.network(), data.validation());
    progress.teacherReady(Score.of(teacherValidation));
    spark.parallelize(List.of(teacher.lessons()), 1).map(new ComputeLogits(shippedHadoop)).first();

    List<Candidate> candidates = CandidateGrid.of(spec);
    StageTree tree = StageTree.of(teacher.key(), candidates);
    OutcomeBook book = new OutcomeBook(tree);
    progress.planned(candidates.size(), tree);
    StoredReports stored = new StoredReports(store);
    Map<StageKey, StageReport> finished = stored.read(tree);
    if (resume == Resume.RETRY_FAILURES) {
      finished = stored.forgetFailures(finished);
    }
    Workload workload =
        Workload.of(
            teacher.network().architecture(),
            data.train().size(),
            spec.teacher().augmentation().copies(),
            data.validation().size());
    new SweepScheduler(
            spark, new RunStage(teacher.lessons(), shippedHadoop), spec.name(), spec.execution())
        .run(
            tree,
            new CostModel(workload),
            finished,
            report ->
                book.add(
                    report,
                    (candidate, outcome) -> progress.finished(candidate, outcome, book.done())));
    Map<Candidate, Outcome> outcomes = book.outcomes();
    Ledger.write(session, folder.path(SweepFolder.LEDGER), outcomes);

    ParetoFrontier<FrontierPoint> frontier = frontier(outcomes);
    FrontierReport report = report(teacher, Score.of(teacherValidation), frontier);
    FrontierSnapshot snapshot = snapshot(frontier, ExamplesDigest.of(data.validation()));
    try {
      RunHistory history = new RunHistory(spec.out(), hadoop);
      FrontierChange change = change(history, snapshot);
      FrontierFiles.write(new Path(spec.out()), hadoop, report);
      ReportFiles.writeAll(new Path(spec.out()), hadoop, reportData(report, outcomes));
      Run run = history.add(new RunTime(Instant.now()), report, snapshot);
      history.keepLatest(spec.keepRuns());
      return new Result(report, outcomes, run.time(), change);
    } catch (IOException e) {
      throw new UncheckedIOException(spec.out() + ": " + e.getMessage(), e);
    }
  }

  private static FrontierSnapshot snapshot(
      ParetoFrontier<FrontierPoint> frontier, String examples) {
    return new FrontierSnapshot(
        new StageKey(examples),
        frontier.points().stream()
            .map(
                point ->
                    new FrontierSnapshot.Point(
                        point.key(),
                        point.candidate().point(),
                        point.bytes(),
                        point.outcome().measurement().validation()))
            .toList());
  }

  private static @Nullable FrontierChange change(RunHistory history, FrontierSnapshot now)
      throws IOException {
    Optional<RunTime> before = history.latest();
    if (before.isEmpty()) {
      return null;
    }
    try {
      return FrontierChange.of(history.read(before.get()).snapshot(), now);
    } catch (IOException e) {
      LOG.warn("the run before cannot be compared with: {}", e.getMessage());
      return null;
    }
  }

  private ReportData reportData(FrontierReport report, Map<Candidate, Outcome> outcomes)
      throws IOException {
    List<LedgerEntry> entries = new ArrayList<>();
    outcomes.forEach((candidate, outcome) -> entries.add(LedgerEntry.of(candidate, outcome)));
    return new ReportData(
        report, SweepReport.qualified(spec.out(), hadoop), spec.render(), entries);
  }

  private static ParetoFrontier<FrontierPoint> frontier(Map<Candidate, Outcome> outcomes) {
    List<FrontierPoint> points = new ArrayList<>();
    outcomes.forEach(
        (candidate, outcome) -> {
          if (outcome instanceof Outcome.Measured measured) {
            points.add(new FrontierPoint(candidate, measured));
          }
        });
    return ParetoFrontier.of(points);
  }

  /** The frontier with its test scores; no choice was made with them, and none follows. */
  private FrontierReport report(
      Teacher teacher, Score teacherValidation, ParetoFrontier<FrontierPoint> frontier) {
    List<StageKey> keys = new ArrayList<>();
    keys.add(teacher.key());
    frontier.points().forEach(point -> keys.add(point.key()));
    Map<StageKey, Correctness> test = new HashMap<>();
    for (Tuple2<StageKey, Correctness> result :
        spark
            .parallelize(keys, keys.size())
            .map(new TestCorrectness(spec.data(), spec.store(), shippedHadoop))
            .collect()) {
      test.put(result._1(), result._2());
    }
    folder.clearBest();
    List<FrontierRow> rows = new ArrayList<>();
    for (FrontierPoint point : frontier.points()) {
      String file = folder.addBest(point, store.path(point.key(), StageStore.Kind.NETWORK));
      rows.add(FrontierRow.of(point, test.get(point.key()), file));
    }
    return new FrontierReport(
        spec.name(),
        new FrontierReport.Teacher(
            teacher.network().parameters().length,
            teacherValidation,
            Score.of(test.get(teacher.key()))),
        rows);
  }
}
