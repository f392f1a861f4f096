package dev.pare.run;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Spelling;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Start;
import dev.pare.data.DataException;
import dev.pare.data.DataSummary;
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
import dev.pare.ledger.RunningLedger;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageStore;
import dev.pare.plan.CandidateSearch;
import dev.pare.plan.CostModel;
import dev.pare.plan.StageTree;
import dev.pare.plan.Workload;
import dev.pare.report.FrontierReport;
import dev.pare.report.SensitivityTable;
import dev.pare.result.Score;
import dev.pare.schedule.CandidateSource;
import dev.pare.schedule.RetryPolicy;
import dev.pare.schedule.SparkRelease;
import dev.pare.schedule.StageClaims;
import dev.pare.schedule.StoredReports;
import dev.pare.schedule.StudentNetworks;
import dev.pare.schedule.SweepScheduler;
import dev.pare.schedule.Teacher;
import dev.pare.schedule.TeacherProvider;
import dev.pare.spec.ScanSettings;
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
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Runs a sweep, from its specification to its frontier. What is in the store is not computed twice.
 */
public final class SweepExecution {
  private final JavaSparkContext spark;
  private final SweepSpec spec;
  private final SweepListener listener;
  private final RetryPolicy resume;
  private final Configuration hadoop;
  private final Broadcast<SerializableConfiguration> shippedHadoop;
  private final StageStore store;
  private final SweepFolder folder;
  private final SweepCounters tally;
  private final EventLog events;
  private final TaskFunction tasks;

  public SweepExecution(
      SparkSession session, SweepSpec spec, SweepListener listener, RetryPolicy resume) {
    this(session, spec, listener, resume, RunStage::new);
  }

  /** With tasks of another kind. */
  SweepExecution(
      SparkSession session,
      SweepSpec spec,
      SweepListener listener,
      RetryPolicy resume,
      TaskFunction tasks) {
    this.tasks = requireNonNull(tasks, "tasks is null");
    this.spec = requireNonNull(spec, "spec is null");
    this.listener = requireNonNull(listener, "listener is null");
    this.resume = requireNonNull(resume, "resume is null");
    this.spark = new JavaSparkContext(SparkRelease.contextOf(session));
    this.hadoop = spark.hadoopConfiguration();
    this.shippedHadoop = spark.broadcast(new SerializableConfiguration(hadoop));
    this.store = new HadoopStageStore(spec.store(), hadoop);
    this.folder = new SweepFolder(spec.out(), hadoop);
    this.tally = new SweepCounters(spec.name(), spec.thirdObjective());
    this.events = new EventLog(spec.name());
  }

  /** What is made of all that a sweep came to. */
  @FunctionalInterface
  public interface Result<R> {
    /**
     * @param run what is kept of it
     * @param change what the frontier gained or lost against the run before; null if there was none
     */
    R of(
        FrontierReport frontier,
        Map<Candidate, Outcome> outcomes,
        RunTime run,
        @Nullable FrontierChange change);
  }

  /** The teacher, the SHA-256 of its files in the results by their names, and how good it is. */
  private record JudgedTeacher(Teacher teacher, Map<String, String> files, Evaluation validation) {
    String file() {
      return requireNonNull(files.get(SweepFolder.TEACHER));
    }
  }

  /**
   * Runs the sweep and leaves its results in its folder.
   *
   * @throws DataException if the data or the teacher cannot be used
   * @throws UncheckedIOException if the storage fails on the driver, or on executors whatever is
   *     tried
   * @throws IllegalStateException if the thread is interrupted
   */
  public <R> R run(Result<R> result) {
    ExecutorResources.cacheBytes(hadoop);
    EngineCheck.check(spark, spec.execution().engine());
    TrainingData data = ExecutorResources.loadTraining(spec.data(), hadoop);
    // What is wrong with the test data is better known now than after hours.
    TestData test = ExecutorResources.loadTest(spec.data(), data.form(), hadoop);
    Metrics.check(spec.metric(), data.validation(), "validation");
    Metrics.check(spec.metric(), test.examples(), "test");
    listener.loaded(DataSummary.of(data, test));
    SweepMetrics metrics = SweepMetrics.register(tally::status);
    try (SweepOwner owner = SweepOwner.of(folder, spec.render());
        StageClaims claims = StageClaims.of(spec, hadoop);
        SweepRecorder recorder =
            new SweepRecorder(tally, listener, folder, SweepFolder.digest(spec.render()))) {
      return runToItsEnd(data, test, owner, claims, recorder, result);
    } finally {
      metrics.close();
      events.sweep(Spelling.of(tally.status().state()), tally.status());
    }
  }

  private <R> R runToItsEnd(
      TrainingData data,
      TestData test,
      SweepOwner owner,
      StageClaims claims,
      SweepRecorder recorder,
      Result<R> result) {
    try {
      R made = run(data, test, owner, claims, recorder, result);
      tally.state(SweepStatus.State.DONE);
      return made;
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

  private <R> R run(
      TrainingData data,
      TestData test,
      SweepOwner owner,
      StageClaims claims,
      SweepRecorder recorder,
      Result<R> result) {
    String configuration = folder.writeConfiguration(spec.render());
    TeacherProvider teachers = new TeacherProvider(spark, shippedHadoop, store, claims);
    JudgedTeacher judged = teacher(teachers, data, test);
    Teacher teacher = judged.teacher;
    LayerSensitivities sensitivities = sensitivities(teacher, data);
    StudentNetworks students =
        StudentNetworks.of(spec, data, hadoop, teacher.network().architecture());
    students.keep(store);
    Workload workload = workload(teacher, data);
    MemoryCheck memory = new MemoryCheck(spark.sc(), workload);
    StageTree tree = new StageTree(teacher.key(), spec.metric());
    RunningLedger ledger = new RunningLedger(folder.path(SweepFolder.LEDGER).toString(), hadoop);
    tally.reference(
        Hypervolume.of(
            teacher.network().parameters().length,
            spec.metric(),
            Metrics.guess(spec.metric(), data.validation())));
    RunningPage page = page(judged, data, ledger);
    recorder.keep(ledger, page);
    ReferenceNotes references = ReferenceNotes.in(folder, tree, configuration, judged.files);
    SweepCandidates candidates =
        new SweepCandidates(
            new CandidateSearch(spec, students.architectures(), new CostModel(workload)),
            tree,
            new StoredReports(store),
            resume,
            references,
            new SweepObservers(ledger, tally, events, listener),
            stages -> {
              sensitivities.measureAskedFor(stages);
              memory.check(stages);
            });
    SweepScheduler scheduler =
        new SweepScheduler(
            spark,
            tasks.of(teacher.distillation(), shippedHadoop),
            spec.name(),
            spec.execution(),
            () -> {
              teachers.keep(teacher);
              students.keep(store);
            },
            claims);
    CostModel costs = new CostModel(workload);
    try {
      scheduler.run(
          tree,
          costs,
          candidates,
          report -> {
            owner.check();
            candidates.take(report);
          });
    } finally {
      references.end();
    }

    owner.checkNow();
    FrontierResults results =
        new FrontierResults(
            spark, spec, shippedHadoop, store, folder, page::replaced, listener::teacherDoubted);
    publish(results, teacher, data, scheduler, tree, costs, candidates);
    Map<Candidate, Outcome> outcomes = candidates.outcomes();
    ledger.write();

    tally.doing("testing the frontier");
    page.end();
    teachers.keep(teacher);
    owner.checkNow();
    R made =
        results.write(
            teacher,
            judged.file(),
            judged.validation,
            data,
            test,
            outcomes,
            sensitivities.known(),
            result);
    tally.doing("");
    return made;
  }

  private Workload workload(Teacher teacher, TrainingData data) {
    return Workload.of(
        teacher.network().architecture(),
        data.train().size(),
        spec.teacher().augmentation().copies(),
        data.validation().size(),
        data.bytes(),
        Metrics.bytes(spec.metric(), data.validation()));
  }

  private RunningPage page(JudgedTeacher judged, TrainingData data, RunningLedger ledger) {
    return new RunningPage(
        folder,
        spec.name(),
        spec.render(),
        spec.thirdObjective(),
        new FrontierReport.Teacher(
            judged.teacher.network().parameters().length,
            Score.of(judged.validation),
            null,
            Metrics.guess(spec.metric(), data.validation()),
            judged.validation.confusion(),
            judged.teacher.comparison(),
            judged.file(),
            null),
        ledger,
        System.nanoTime());
  }

  private JudgedTeacher teacher(TeacherProvider teachers, TrainingData data, TestData test) {
    ListedTeacher.check(spec, hadoop);
    Teacher teacher = teachers.teacher(spec, data, this::teacher);
    NetworkInputs.check(teacher.network().architecture(), data, spec.data());
    NetworkInputs.check(teacher.network().architecture(), test, spec.data());
    Map<String, String> files = folder.writeTeacher(teacher.network(), data.preparation());
    Evaluation validation =
        Evaluator.evaluation(teacher.network(), data.validation(), spec.metric());
    listener.teacherReady(Score.of(validation));
    ValidationDoubt.of(spec.teacher().kind(), validation, data).ifPresent(listener::teacherDoubted);
    boolean computed =
        spark
            .parallelize(List.of(0), 1)
            .map(new ComputeLogits(teacher.distillation(), shippedHadoop))
            .first();
    if (!computed) {
      // Executors compute them as they need them.
      teachers.keep(teacher);
    }
    return new JudgedTeacher(teacher, files, validation);
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
   * and granularity of the sweep, and adds it to the results.
   *
   * @throws DataException if the data or the teacher cannot be used
   */
  public SensitivityTable measureSensitivity() {
    TrainingData data = ExecutorResources.loadTraining(spec.data(), hadoop);
    listener.loaded(DataSummary.of(data));
    ListedTeacher.check(spec, hadoop);
    Teacher teacher;
    try (StageClaims claims = StageClaims.of(spec, hadoop)) {
      teacher =
          new TeacherProvider(spark, shippedHadoop, store, claims)
              .teacher(spec, data, listener::teacher);
    }
    NetworkInputs.check(teacher.network().architecture(), data, spec.data());
    Set<StageSettings> stages = new LinkedHashSet<>();
    CandidateSearch.all(spec.withTellingValues()).stream()
        .map(Candidate::stages)
        .filter(path -> !(path.get(0) instanceof Start))
        .forEach(stages::addAll);
    return sensitivities(teacher, data).measureAll(stages);
  }

  private LayerSensitivities sensitivities(Teacher teacher, TrainingData data) {
    return new LayerSensitivities(
        teacher,
        AugmentedExamples.of(data, spec.teacher().augmentation(), spec.data().seed()),
        ScanSettings.digest(spec.render()),
        folder);
  }

  private void teacher(String what) {
    tally.doing("teacher: " + what);
    listener.teacher(what);
  }
}
