package dev.pare.run;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.data.DataForm;
import dev.pare.data.Examples;
import dev.pare.data.ExamplesDigest;
import dev.pare.data.TestData;
import dev.pare.data.TrainingData;
import dev.pare.evaluate.Metrics;
import dev.pare.folder.SweepFolder;
import dev.pare.frontier.ChoiceBootstrap;
import dev.pare.frontier.FrontierChange;
import dev.pare.frontier.FrontierPoint;
import dev.pare.frontier.FrontierSnapshot;
import dev.pare.frontier.Hypervolume;
import dev.pare.frontier.ParetoFrontier;
import dev.pare.history.Run;
import dev.pare.history.RunHistory;
import dev.pare.history.RunTime;
import dev.pare.ledger.Ledger;
import dev.pare.ledger.LedgerEntry;
import dev.pare.pipeline.FileMeasurement;
import dev.pare.pipeline.ProductDigest;
import dev.pare.pipeline.StageStore;
import dev.pare.pipeline.StoredNetworks;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.Repetitions;
import dev.pare.report.SensitivityTable;
import dev.pare.report.SweepLatency;
import dev.pare.report.page.EarlierRun;
import dev.pare.report.page.ReportData;
import dev.pare.report.page.ReportFiles;
import dev.pare.result.Runs;
import dev.pare.result.Score;
import dev.pare.result.Selection;
import dev.pare.schedule.Teacher;
import dev.pare.spec.SweepSpec;
import dev.pare.task.JavaBytes;
import dev.pare.task.TestEvaluation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a sweep's outcomes come to: the frontier, tested, and all that is told of it. */
final class FrontierResults {
  private static final Logger LOG = LoggerFactory.getLogger(FrontierResults.class);

  private final JavaSparkContext spark;
  private final SweepSpec spec;
  private final Broadcast<SerializableConfiguration> shippedHadoop;
  private final StageStore store;
  private final StoredNetworks networks;
  private final SweepFolder folder;
  private final Runnable pageWritten;
  private final Consumer<String> doubted;
  private final Map<StageKey, String> published = new HashMap<>();

  /**
   * @param pageWritten told when there is the page of all that the sweep came to
   * @param doubted told what is strange about the teacher's test score
   */
  FrontierResults(
      JavaSparkContext spark,
      SweepSpec spec,
      Broadcast<SerializableConfiguration> shippedHadoop,
      StageStore store,
      SweepFolder folder,
      Runnable pageWritten,
      Consumer<String> doubted) {
    this.spark = spark;
    this.spec = spec;
    this.shippedHadoop = shippedHadoop;
    this.store = store;
    this.networks = new StoredNetworks(store);
    this.folder = folder;
    this.pageWritten = pageWritten;
    this.doubted = doubted;
  }

  /**
   * Puts the frontier's files into {@code best/}, each only if it is the file that was measured. A
   * measurement that this run did not make is made once again before it is believed.
   *
   * @param found the stages whose reports are of earlier runs
   * @return the candidates whose files are missing from the store, damaged, or measured otherwise
   */
  Set<StageKey> publish(
      Map<Candidate, Outcome> outcomes, Teacher teacher, Examples validation, Set<StageKey> found) {
    Set<StageKey> missing = new HashSet<>();
    for (FrontierPoint point : measured(outcomes)) {
      if (found.contains(point.key())
          && !RightExamples.agree(point.outcome().measurement(), spec.metric())) {
        LOG.warn(
            "{}: in the report of {} the examples that are right do not give the score; it is made again",
            spec.store(),
            point.key().abbreviated());
        store.remove(point.key(), StageStore.Kind.REPORT);
        missing.add(point.key());
      }
    }
    for (FrontierPoint point : frontier(outcomes).points()) {
      Measurement measurement = point.outcome().measurement();
      Optional<byte[]> file = networks.read(digest(point));
      if (file.isEmpty()) {
        missing.add(point.key());
      } else if (found.contains(point.key())
          && !published.containsKey(point.key())
          && !FileMeasurement.confirms(
              measurement,
              file.get(),
              teacher.network().architecture(),
              validation,
              spec.metric())) {
        LOG.warn(
            "{}: the measurement in the report of {} differs from that of its file; it is made again",
            spec.store(),
            point.key().abbreviated());
        store.remove(point.key(), StageStore.Kind.REPORT);
        missing.add(point.key());
      } else {
        published.put(point.key(), folder.addBest(point.candidate(), point.key(), file.get()));
      }
    }
    return missing;
  }

  /**
   * Tests the frontier and leaves it, its report and its history in the folder, where its files are
   * already.
   *
   * @param teacherFile SHA-256 of the teacher's file in the folder
   * @param sensitivity what is known of the teacher's layers, for the report
   */
  <R> R write(
      Teacher teacher,
      String teacherFile,
      Evaluation teacherValidation,
      TrainingData data,
      TestData testData,
      Map<Candidate, Outcome> outcomes,
      List<SensitivityTable.Row> sensitivity,
      SweepExecution.Result<R> result) {
    ParetoFrontier<FrontierPoint> frontier = frontier(outcomes);
    double guess = Metrics.guess(spec.metric(), data.validation());
    FrontierReport report =
        report(
            teacher,
            teacherFile,
            teacherValidation,
            guess,
            data.form(),
            testData,
            frontier,
            Repetitions.of(entries(outcomes)),
            selections(outcomes, frontier));
    TestDoubt.of(report.teacher()).ifPresent(doubted);
    FrontierSnapshot snapshot = snapshot(frontier, ExamplesDigest.of(data.validation()));
    try {
      RunHistory history = new RunHistory(folder);
      @Nullable Run before = before(history);
      @Nullable EarlierRun earlier =
          before == null
              ? null
              : new EarlierRun(
                  before.time().instant(),
                  before.snapshot(),
                  snapshot,
                  Hypervolume.of(teacher.network().parameters().length, spec.metric(), guess));
      Set<String> superseded = publishedBefore();
      superseded.addAll(published.values());
      superseded.removeAll(files(report));
      FrontierFiles.publish(
          folder,
          report,
          outcomes.size(),
          Ledger.sha256(folder.path(SweepFolder.LEDGER), spark.hadoopConfiguration()));
      removeStaleCards(report);
      ReportFiles.writeAll(
          folder,
          new ReportData(
              report,
              folder.title(),
              spec.render(),
              entries(outcomes),
              earlier,
              sensitivity,
              SweepLatency.read(folder).orElse(null)));
      pageWritten.run();
      folder.removeBest(superseded);
      Run run = history.add(new RunTime(Instant.now()), report, snapshot);
      history.keepLatest(spec.keepRuns());
      return result.of(
          report,
          outcomes,
          run.time(),
          before == null ? null : FrontierChange.of(before.snapshot(), snapshot));
    } catch (IOException e) {
      throw new UncheckedIOException(spec.out() + ": " + e.getMessage(), e);
    }
  }

  /** Cards of other files under these names, and of other test data, say nothing of this run. */
  private void removeStaleCards(FrontierReport report) {
    for (FrontierRow row : report.rows()) {
      boolean isStale =
          folder
              .findCard(row.file())
              .filter(
                  card ->
                      !card.sha256().equals(row.summary().sha256())
                          || !card.testSha256().equals(report.teacher().testSha256()))
              .isPresent();
      if (isStale) {
        folder.removeCard(row.file());
      }
    }
  }

  /** The file that was measured. */
  private static ProductDigest digest(FrontierPoint point) {
    return new ProductDigest(point.key(), point.outcome().measurement().sha256(), point.bytes());
  }

  private ParetoFrontier<FrontierPoint> frontier(Map<Candidate, Outcome> outcomes) {
    return ParetoFrontier.of(
        Repetitions.best(
            measured(outcomes),
            point -> LedgerEntry.of(point.candidate(), point.outcome()).stages()),
        this::third);
  }

  /** How much a file has of what is weighed beside bytes and metric. */
  private long third(FrontierPoint point) {
    return spec.thirdObjective().of(point.outcome().measurement().file());
  }

  /**
   * What the frontier's files were chosen from, and by the error alone what that adds to theirs.
   */
  private Map<StageKey, Selection> selections(
      Map<Candidate, Outcome> outcomes, ParetoFrontier<FrontierPoint> frontier) {
    return spec.metric().equals(Metric.ERROR)
        ? ChoiceBootstrap.of(
            // Of repetitions, too, the best is chosen.
            measured(outcomes),
            frontier,
            this::third,
            point -> point.outcome().measurement().validation())
        : Map.of();
  }

  private static List<FrontierPoint> measured(Map<Candidate, Outcome> outcomes) {
    List<FrontierPoint> points = new ArrayList<>();
    outcomes.forEach(
        (candidate, outcome) -> {
          if (outcome instanceof Outcome.Measured measured) {
            points.add(new FrontierPoint(candidate, measured));
          }
        });
    return points;
  }

  /** The frontier with its test scores; no choice was made with them, and none follows. */
  private FrontierReport report(
      Teacher teacher,
      String teacherFile,
      Evaluation teacherValidation,
      double guess,
      DataForm form,
      TestData testData,
      ParetoFrontier<FrontierPoint> frontier,
      Map<StageKey, Runs> runs,
      Map<StageKey, Selection> selections) {
    String testExamples = ExamplesDigest.of(testData.examples());
    List<ProductDigest> files = new ArrayList<>();
    files.add(networks.product(teacher.key()));
    frontier.points().forEach(point -> files.add(digest(point)));
    Map<StageKey, Evaluation> test = new HashMap<>();
    List<byte[]> results =
        spark
            .parallelize(files.stream().map(JavaBytes::of).toList(), files.size())
            .map(
                new TestEvaluation(
                    spec.data(),
                    form,
                    testData.digest(),
                    spec.store(),
                    spec.metric(),
                    shippedHadoop))
            .collect();
    for (int i = 0; i < files.size(); i++) {
      test.put(files.get(i).stage(), JavaBytes.read(results.get(i), Evaluation.class));
    }
    List<FrontierRow> rows = new ArrayList<>();
    for (FrontierPoint point : frontier.points()) {
      rows.add(
          FrontierRow.of(
                  point,
                  requireNonNull(test.get(point.key())),
                  requireNonNull(published.get(point.key())))
              .with(runs.get(point.key()))
              .with(selections.get(point.key())));
    }
    return new FrontierReport(
        spec.name(),
        new FrontierReport.Teacher(
            teacher.network().parameters().length,
            Score.of(teacherValidation),
            Score.of(requireNonNull(test.get(teacher.key()))),
            guess,
            teacherValidation.confusion(),
            teacher.comparison(),
            teacherFile,
            testExamples),
        rows);
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
                        point.outcome().measurement().score(),
                        point.outcome().measurement().validation()))
            .toList());
  }

  /** The files of {@code best/} that an earlier run has published. */
  private Set<String> publishedBefore() {
    try {
      return files(FrontierFiles.read(folder));
    } catch (IOException e) {
      // There was none, or nobody knows what it had.
      LOG.debug("no earlier frontier: {}", e.getMessage());
      return new HashSet<>();
    }
  }

  private static Set<String> files(FrontierReport report) {
    return report.rows().stream()
        .map(FrontierRow::file)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private @Nullable Run before(RunHistory history) throws IOException {
    Optional<RunTime> before = history.latest();
    if (before.isEmpty()) {
      return null;
    }
    try {
      Run run = history.read(before.get());
      if (run.report().metric().equals(spec.metric())) {
        return run;
      }
      LOG.info(
          "the run before was judged by {}, this one is by {}: they are not compared",
          run.report().metric(),
          spec.metric());
      return null;
    } catch (IOException e) {
      LOG.warn("the run before cannot be compared with: {}", e.getMessage());
      return null;
    }
  }

  private static List<LedgerEntry> entries(Map<Candidate, Outcome> outcomes) {
    List<LedgerEntry> entries = new ArrayList<>();
    outcomes.forEach((candidate, outcome) -> entries.add(LedgerEntry.of(candidate, outcome)));
    return entries;
  }
}
