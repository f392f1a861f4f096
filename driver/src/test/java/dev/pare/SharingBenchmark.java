package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.StageKey;
import dev.pare.data.DataLoader;
import dev.pare.data.TrainingData;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageStore;
import dev.pare.pipeline.StageStore.Kind;
import dev.pare.pipeline.StageTask;
import dev.pare.pipeline.StageTask.Product;
import dev.pare.plan.CandidateSearch;
import dev.pare.plan.CostModel;
import dev.pare.plan.StageTree;
import dev.pare.plan.StageTree.Stage;
import dev.pare.plan.Workload;
import dev.pare.schedule.CandidateSource;
import dev.pare.schedule.StageClaims;
import dev.pare.schedule.SweepScheduler;
import dev.pare.schedule.Teacher;
import dev.pare.schedule.TeacherProvider;
import dev.pare.spec.SweepSpec;
import dev.pare.task.ComputeLogits;
import dev.pare.task.DistillationDataSource;
import dev.pare.task.JavaBytes;
import dev.pare.task.RunStage;
import dev.pare.task.TaskResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;

/**
 * What sharing saves: a configuration's candidates once as a tree and once each on its own, from
 * the teacher to the file. {@code mvn -q -pl driver -am test -Dtest=SharingBenchmark
 * -Dsurefire.failIfNoSpecifiedTests=false -Dconf=conf/quickstart.conf -Dslots=2}.
 */
public class SharingBenchmark {
  private static final int SLOTS = Integer.getInteger("slots", 2);

  private record Swept(int stages, double seconds, Map<StageKey, String> files) {}

  @Test
  void withAndWithoutSharing() throws IOException {
    String conf = System.getProperty("conf", "conf/quickstart.conf");
    Path folder = Files.createTempDirectory("pare-sharing");
    try (SparkSession session = LocalSpark.open(SLOTS)) {
      SweepSpec spec =
          SweepSpec.load(
              SmallSweep.ROOT.resolve(conf).toString(), List.of("sweep.out=file://" + folder));
      List<Candidate> candidates = CandidateSearch.all(spec);
      Experiment experiment = new Experiment(session, spec);
      Swept shared = experiment.shared(candidates);
      Swept alone = experiment.alone(candidates, "file://" + folder.resolve("other"));

      System.out.printf(
          "%s, %d candidates on local[%d]: shared %d stages in %.1f s, unshared %d stages in"
              + " %.1f s: %.2f times as long%n",
          conf,
          candidates.size(),
          SLOTS,
          shared.stages(),
          shared.seconds(),
          alone.stages(),
          alone.seconds(),
          alone.seconds() / shared.seconds());
      assertThat(alone.files()).hasSize(candidates.size()).isEqualTo(shared.files());
    } finally {
      FileUtil.fullyDelete(folder.toFile());
    }
  }

  /** A teacher, and what its students need. */
  private static final class Experiment {
    private final JavaSparkContext spark;
    private final SweepSpec spec;
    private final Broadcast<SerializableConfiguration> hadoop;
    private final Workload workload;
    private final Teacher teacher;

    Experiment(SparkSession session, SweepSpec spec) {
      this.spark = new JavaSparkContext(session.sparkContext());
      this.spec = spec;
      Configuration configuration = spark.hadoopConfiguration();
      this.hadoop = spark.broadcast(new SerializableConfiguration(configuration));
      TrainingData data = DataLoader.loadTraining(spec.data(), configuration);
      HadoopStageStore store = new HadoopStageStore(spec.store(), configuration);
      this.teacher =
          new TeacherProvider(spark, hadoop, store, StageClaims.NONE)
              .teacher(spec, data, what -> {});
      spark
          .parallelize(List.of(0), 1)
          .map(new ComputeLogits(teacher.distillation(), hadoop))
          .first();
      this.workload =
          Workload.of(
              teacher.network().architecture(),
              data.train().size(),
              spec.teacher().augmentation().copies(),
              data.validation().size(),
              data.bytes(),
              0);
    }

    Swept shared(List<Candidate> candidates) {
      StageTree tree = StageTree.of(teacher.key(), candidates);
      List<StageReport> reports = new ArrayList<>();
      long start = System.nanoTime();
      new SweepScheduler(
              spark,
              new RunStage(teacher.distillation(), hadoop),
              spec.name(),
              spec.execution(),
              () -> {},
              StageClaims.NONE)
          .run(tree, new CostModel(workload), CandidateSource.of(tree, Map.of()), reports::add);
      return new Swept(tree.stages(), (System.nanoTime() - start) / 1e9, files(reports));
    }

    /** Each candidate's path in one task that keeps nothing but the file. */
    Swept alone(List<Candidate> candidates, String store) {
      StageStore from = new HadoopStageStore(spec.store(), spark.hadoopConfiguration());
      StageStore to = new HadoopStageStore(store, spark.hadoopConfiguration());
      for (Kind kind : Kind.values()) {
        to.write(teacher.key(), kind, from.read(teacher.key(), kind).orElseThrow());
      }
      DistillationDataSource source = teacher.distillation();
      RunStage run =
          new RunStage(
              new DistillationDataSource(
                  source.data(),
                  source.augmentation(),
                  source.trainingDigest(),
                  source.teacher(),
                  source.teacherSeed(),
                  store,
                  source.metric(),
                  source.engine()),
              hadoop);
      StageTree tree = StageTree.of(teacher.key(), candidates);
      List<StageTask> paths = tree.keys().values().stream().map(key -> path(tree, key)).toList();
      int stages = paths.stream().mapToInt(path -> path.steps().size()).sum();
      List<byte[]> tasks = paths.stream().map(JavaBytes::of).toList();
      long start = System.nanoTime();
      List<StageReport> reports = new ArrayList<>();
      for (byte[] result :
          spark
              .parallelize(tasks, tasks.size())
              .map(task -> JavaBytes.of(run.call(JavaBytes.read(task, StageTask.class))))
              .collect()) {
        reports.addAll(JavaBytes.read(result, TaskResult.class).reports());
      }
      return new Swept(stages, (System.nanoTime() - start) / 1e9, files(reports));
    }

    private static StageTask path(StageTree tree, StageKey key) {
      Deque<StageTask.Step> steps = new ArrayDeque<>();
      Optional<Stage> stage = tree.stage(key);
      while (stage.isPresent()) {
        Stage step = stage.get();
        steps.addFirst(
            new StageTask.Step(
                step.key(),
                step.parent().map(Stage::key).orElse(tree.root()),
                step.settings(),
                steps.isEmpty() ? Product.KEPT : Product.PASSED_ON));
        stage = step.parent();
      }
      return new StageTask(List.copyOf(steps));
    }

    private static Map<StageKey, String> files(List<StageReport> reports) {
      Map<StageKey, String> files = new HashMap<>();
      for (StageReport report : reports) {
        if (report.measurement() != null) {
          files.put(report.key(), report.measurement().sha256());
        }
      }
      return files;
    }
  }
}
