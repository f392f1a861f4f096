package dev.pare;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Spelling;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.data.DataSummary;
import dev.pare.data.Examples;
import dev.pare.data.TestData;
import dev.pare.data.TrainingData;
import dev.pare.evaluate.Evaluator;
import dev.pare.evaluate.Metrics;
import dev.pare.evaluate.NetworkInputs;
import dev.pare.folder.SweepFolder;
import dev.pare.folder.SweepOwner;
import dev.pare.frontier.FrontierChange;
import dev.pare.frontier.Hypervolume;
import dev.pare.history.RunTime;
import dev.pare.ledger.Ledger;
import dev.pare.ledger.RunningLedger;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageStore;
import dev.pare.plan.CandidateSearch;
import dev.pare.plan.CostModel;
import dev.pare.plan.StageTree;
import dev.pare.plan.StageTree.Stage;
import dev.pare.plan.TaskMemory;
import dev.pare.plan.Workload;
import dev.pare.report.ByteSize;
import dev.pare.report.FrontierReport;
import dev.pare.report.SensitivityFile;
import dev.pare.report.SensitivityTable;
import dev.pare.result.Score;
import dev.pare.schedule.CandidateSource;
import dev.pare.schedule.JvmRoom;
import dev.pare.schedule.StoredReports;
import dev.pare.schedule.SweepScheduler;
import dev.pare.schedule.Teacher;
import dev.pare.schedule.TeacherProvider;
import dev.pare.spec.SweepSpec;
import dev.pare.status.EventLog;
import dev.pare.status.SweepCounters;
import dev.pare.status.SweepMetrics;
import dev.pare.status.SweepStatus;
import dev.pare.task.AugmentedExamples;
import dev.pare.task.ComputeLogits;
import dev.pare.task.ExecutorResources;
import dev.pare.task.RunStage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sweep of compression settings, from its specification to its frontier: the entry for programs
 * and notebooks.
 *
 * <p>The same specification again goes on where an earlier run ended: what is in the store is not
 * computed twice.
 */
public final class Sweep {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  private final JavaSparkContext spark;
  private final SweepSpec spec;
  private final Progress progress;
  private final RetryPolicy resume;
  private final Configuration hadoop;
  private final Broadcast<SerializableConfiguration> shippedHadoop;
  private final StageStore store;
  private final SweepFolder folder;
  private final SweepCounters tally;
  private final EventLog events;
  private long warnedBytes;

  private Sweep(SparkSession session, SweepSpec spec, Progress progress, RetryPolicy resume) {
    this.spec = requireNonNull(spec, "spec is null");
    this.progress = requireNonNull(progress, "progress is null");
    this.resume = requireNonNull(resume, "resume is null");
    this.spark = new JavaSparkContext(session.sparkContext());
    this.hadoop = spark.hadoopConfiguration();
    this.shippedHadoop = spark.broadcast(new SerializableConfiguration(hadoop));
    this.store = new HadoopStageStore(spec.store(), hadoop);
    this.folder = new SweepFolder(spec.out(), hadoop);
    this.tally = new SweepCounters(spec.name());
    this.events = new EventLog(spec.name());
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
    return new Sweep(session, spec, progress, resume).run();
  }

  private Result run() {
    ExecutorResources.cacheBytes(hadoop);
    TrainingData data = ExecutorResources.loadTraining(spec.data(), hadoop);
    // What is wrong with the test data is better known now than after hours.
    TestData test = ExecutorResources.loadTest(spec.data(), data.form(), hadoop);
    Metrics.check(spec.metric(), data.validation(), "validation");
    Metrics.check(spec.metric(), test.examples(), "test");
    progress.loaded(DataSummary.of(data, test));
    SweepMetrics metrics = SweepMetrics.register(tally::status);
    try (SweepOwner owner = SweepOwner.of(folder, spec.render());
        SweepRecorder recorder = new SweepRecorder(tally, progress, folder)) {
      return runToItsEnd(data, test, owner, recorder);
    } finally {
      metrics.close();
      events.sweep(Spelling.of(tally.status().state()), tally.status());
    }
  }

  private Result runToItsEnd(
      TrainingData data, TestData test, SweepOwner owner, SweepRecorder recorder) {
    try {
      Result result = run(data, test, owner, recorder);
      tally.state(SweepStatus.State.DONE);
      return result;
    } catch (Throwable e) { // Spark throws checked exceptions without declaring them.
      tally.state(wasInterrupted(e) ? SweepStatus.State.INTERRUPTED : SweepStatus.State.FAILED);
      throw e;
    }
  }

  private static boolean wasInterrupted(Throwable error) {
    boolean interrupted = Thread.currentThread().isInterrupted();
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      interrupted |= cause instanceof InterruptedException;
    }
    return interrupted;
  }

  private Result run(TrainingData data, TestData test, SweepOwner owner, SweepRecorder recorder) {
    folder.writeConfiguration(spec.render());
    TeacherProvider teachers = new TeacherProvider(spark, shippedHadoop, store);
    Teacher teacher = teachers.teacher(spec, data, this::teacher);
    NetworkInputs.check(teacher.network().architecture(), data, spec.data());
    NetworkInputs.check(teacher.network().architecture(), test, spec.data());
    String teacherFile = folder.writeTeacher(teacher.network(), data.preparation());
    Evaluation teacherValidation =
        Evaluator.evaluation(teacher.network(), data.validation(), spec.metric());
    progress.teacherReady(Score.of(teacherValidation));
    if (Metrics.isGuess(teacherValidation.score(), data.validation())) {
      progress.teacherDoubted(noBetterThanGuessing(teacherValidation.score(), data.validation()));
    }
    boolean computed =
        spark
            .parallelize(List.of(0), 1)
            .map(new ComputeLogits(teacher.distillation(), shippedHadoop))
            .first();
    if (!computed) {
      // Executors compute them as they need them.
      teachers.keep(teacher);
    }

    LayerSensitivities sensitivities = sensitivities(teacher, data);
    List<SensitivityTable.Row> known = new ArrayList<>();
    Workload workload =
        Workload.of(
            teacher.network().architecture(),
            data.train().size(),
            spec.teacher().augmentation().copies(),
            data.validation().size(),
            data.bytes(),
            Metrics.bytes(spec.metric(), data.validation()));
    StageTree tree = new StageTree(teacher.key(), spec.metric());
    RunningLedger ledger = new RunningLedger(folder.path(SweepFolder.LEDGER).toString(), hadoop);
    tally.reference(
        Hypervolume.of(
            teacher.network().parameters().length,
            spec.metric(),
            Metrics.guess(spec.metric(), data.validation())));
    recorder.keep(ledger);
    SweepCandidates candidates =
        new SweepCandidates(
            new CandidateSearch(spec),
            tree,
            new StoredReports(store),
            resume,
            folder,
            ledger,
            tally,
            events,
            progress,
            stages -> {
              Set<StageSettings> settings = settings(stages);
              known.clear();
              known.addAll(keep(sensitivities.measureAskedFor(settings)).rows());
              checkMemory(TaskMemory.of(workload, settings));
            });
    SweepScheduler scheduler =
        new SweepScheduler(
            spark,
            new RunStage(teacher.distillation(), shippedHadoop),
            spec.name(),
            spec.execution(),
            () -> teachers.keep(teacher));
    CostModel costs = new CostModel(workload);
    scheduler.run(
        tree,
        costs,
        candidates,
        report -> {
          owner.check();
          candidates.take(report);
        });

    owner.checkNow();
    FrontierResults results = new FrontierResults(spark, spec, shippedHadoop, store, folder);
    publish(results, teacher, data, scheduler, tree, costs, candidates);
    Map<Candidate, Outcome> outcomes = candidates.outcomes();
    ledger.write();

    tally.doing("testing the frontier");
    teachers.keep(teacher);
    owner.checkNow();
    Result result =
        results.write(
            teacher, teacherFile, teacherValidation, data, test.digest(), outcomes, known);
    tally.doing("");
    return result;
  }

  /** Publishes the frontier's files; stages whose products are not as reported run again. */
  private void publish(
      FrontierResults results,
      Teacher teacher,
      TrainingData data,
      SweepScheduler scheduler,
      StageTree tree,
      CostModel costs,
      SweepCandidates candidates) {
    for (int attempt = 0; attempt <= spec.execution().maxAttempts(); attempt++) {
      Set<StageKey> missing =
          results.publish(candidates.outcomes(), teacher, data.validation(), candidates.found());
      if (missing.isEmpty()) {
        return;
      }
      if (attempt == spec.execution().maxAttempts()) {
        throw new UncheckedIOException(
            new IOException(
                spec.store() + ": " + missing.size() + " files are not as they were written"));
      }
      Map<StageKey, StageReport> others = new HashMap<>(candidates.reports());
      others.keySet().removeAll(missing);
      scheduler.run(
          tree,
          costs,
          CandidateSource.of(tree, others),
          report -> {
            if (!others.containsKey(report.key())) {
              candidates.replace(report);
            }
          });
    }
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
    Sweep sweep = new Sweep(session, spec, progress, RetryPolicy.KEEP_FAILURES);
    TrainingData data = ExecutorResources.loadTraining(spec.data(), sweep.hadoop);
    progress.loaded(DataSummary.of(data));
    Teacher teacher =
        new TeacherProvider(sweep.spark, sweep.shippedHadoop, sweep.store)
            .teacher(spec, data, progress::teacher);
    NetworkInputs.check(teacher.network().architecture(), data, spec.data());
    Set<StageSettings> stages = new LinkedHashSet<>();
    CandidateSearch.all(spec).forEach(candidate -> stages.addAll(candidate.stages()));
    SensitivityTable table = sweep.sensitivities(teacher, data).measureAll(stages);
    sweep.keep(table);
    return table;
  }

  private LayerSensitivities sensitivities(Teacher teacher, TrainingData data) {
    return new LayerSensitivities(
        teacher, AugmentedExamples.of(data, spec.teacher().augmentation(), spec.data().seed()));
  }

  private static Set<StageSettings> settings(List<Stage> stages) {
    Set<StageSettings> settings = new LinkedHashSet<>();
    stages.forEach(stage -> settings.add(stage.settings()));
    return settings;
  }

  /** Adds to what is known of the teacher; returns all of it. */
  private SensitivityTable keep(SensitivityTable measured) {
    try {
      return new SensitivityFile(folder).add(measured);
    } catch (IOException e) {
      throw new UncheckedIOException(spec.out() + ": " + e.getMessage(), e);
    }
  }

  private String noBetterThanGuessing(Estimate score, Examples validation) {
    return "no better than guessing, which has a validation %s of %s%s: %s"
        .formatted(
            score.metric(),
            score.metric().text(Metrics.guess(score.metric(), validation)),
            score.metric().unit().strip(),
            switch (spec.teacher().kind()) {
              case TRAIN ->
                  "has it learned anything? teacher.epochs and teacher.learning-rate, or the scale of the data, may be why";
              case LOAD ->
                  "are the order of classes, data.divisor and the data's scale what it was trained with?";
            });
  }

  private void teacher(String what) {
    tally.doing("teacher: " + what);
    progress.teacher(what);
  }

  /** Warns before hours are spent of a heap that the tasks of a JVM will not fit into. */
  private void checkMemory(TaskMemory memory) {
    JvmRoom room = JvmRoom.of(spark.sc());
    long needed = memory.heapBytes(room.slots());
    if (needed > room.heapBytes() && needed > warnedBytes) {
      warnedBytes = needed;
      LOG.warn(
          "{} tasks at once will take about {} of heap, and there are {}: {}",
          room.slots(),
          ByteSize.format(needed),
          ByteSize.format(room.heapBytes()),
          room.settings());
    }
  }
}
