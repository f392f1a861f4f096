package dev.pare.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.LocalSpark;
import dev.pare.SmallSweep;
import dev.pare.candidate.StageKey;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.StageStore.Kind;
import dev.pare.pipeline.StageTask;
import dev.pare.pipeline.StageTask.Product;
import dev.pare.schedule.RetryPolicy;
import dev.pare.spec.SweepSpec;
import dev.pare.task.DistillationDataSource;
import dev.pare.task.RunStage;
import dev.pare.task.TaskResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two sweeps at once that have much in common, on one store. */
@Timeout(300)
class SharedStoreTest {
  private static final String WIDE = "space={ sparsity = [0.5, 0.8, 0.9], bits = [2, 3, 4] }";
  private static final String SEARCH =
      "space={ sparsity = [0.5, 0.7, 0.8, 0.9], bits = [2, 3, 4, 5] }";
  private static final String NSGA =
      "search={ strategy = nsga-ii, candidates = 12, population = 4 }";

  /** Stages that were made, in this JVM. */
  private static final Queue<StageKey> MADE = new ConcurrentLinkedQueue<>();

  @TempDir private Path folder;

  /** Notes what a task makes that was not in the store when it began. */
  private record Noted(
      Function<StageTask, TaskResult> task,
      DistillationDataSource source,
      Broadcast<SerializableConfiguration> hadoop)
      implements Function<StageTask, TaskResult> {
    @Override
    public TaskResult call(StageTask stages) throws Exception {
      HadoopStageStore store = new HadoopStageStore(source.store(), hadoop.value().value());
      List<StageKey> missing =
          stages.steps().stream()
              .filter(step -> step.product() == Product.KEPT)
              .map(StageTask.Step::key)
              .filter(key -> store.read(key, Kind.REPORT).isEmpty())
              .toList();
      TaskResult result = task.call(stages);
      MADE.addAll(missing);
      return result;
    }
  }

  private SweepSpec spec(String name, String... overrides) {
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("sweep.store=\"file://" + folder.resolve("store") + "\"");
    return SmallSweep.spec(folder.resolve(name + "/sweep"), all.toArray(String[]::new));
  }

  private static List<String> run(SparkSession session, SweepSpec spec) {
    List<String> teacher = new ArrayList<>();
    SweepListener listener =
        new SweepListener() {
          @Override
          public void teacher(String what) {
            teacher.add(what);
          }
        };
    new SweepExecution(
            session,
            spec,
            listener,
            RetryPolicy.KEEP_FAILURES,
            (source, hadoop) -> new Noted(new RunStage(source, hadoop), source, hadoop))
        .run((frontier, outcomes, run, change) -> frontier);
    return teacher;
  }

  @Test
  void eachCandidateIsTrainedOnce() throws Exception {
    SweepSpec grid = spec("grid", WIDE);
    SweepSpec search = spec("search", SEARCH, NSGA);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<String> teacher = new ArrayList<>();
    try (SparkSession session = LocalSpark.open(2)) {
      Future<List<String>> first = threads.submit(() -> run(session, grid));
      Future<List<String>> second = threads.submit(() -> run(session, search));
      teacher.addAll(first.get());
      teacher.addAll(second.get());

      assertThat(MADE).hasSizeGreaterThan(20).hasSameSizeAs(new HashSet<>(MADE));
      assertThat(teacher.stream().filter(what -> what.startsWith("training on"))).hasSize(1);

      run(session, spec("alone/grid", WIDE, "sweep.store=\"file://" + folder + "/alone-store\""));
      run(session, spec("alone/search", SEARCH, NSGA));
    } finally {
      threads.shutdownNow();
    }
    for (String sweep : List.of("grid", "search")) {
      assertThat(SmallSweep.bytes(folder.resolve(sweep + "/sweep")))
          .isEqualTo(SmallSweep.bytes(folder.resolve("alone/" + sweep + "/sweep")));
    }
  }
}
