package dev.pare.run;

import dev.pare.LocalSpark;
import dev.pare.SampleCandidates;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Training;
import dev.pare.ledger.RunningLedger;
import dev.pare.pipeline.StageTask;
import dev.pare.plan.StageTree;
import dev.pare.report.FrontierReport;
import dev.pare.result.Score;
import dev.pare.schedule.RetryPolicy;
import dev.pare.spec.SweepSpec;
import dev.pare.task.DistillationDataSource;
import dev.pare.task.RunStage;
import dev.pare.task.TaskResult;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;

/**
 * What the driver of a large sweep does, from the specification to the report: all is real, the
 * store, the ledger, the status and the page, but that a stage does not train. It makes a network
 * of a few dozen weights smaller, writes and measures its file, and sleeps for what is left of its
 * time. Then the same sweep again, with all of it in the store. {@code mvn -q -pl driver -am test
 * -Dtest=SweepScaleBenchmark -Dsurefire.failIfNoSpecifiedTests=false}, with {@code -Dslots=100
 * -Dcandidates=10000 -Dmillis=1000 -Dsearch="{ strategy = grid }" -Dout=/tmp/pare/scale} for other
 * numbers than these.
 */
public class SweepScaleBenchmark {
  private static final int SLOTS = Integer.getInteger("slots", 100);
  private static final int CANDIDATES = Integer.getInteger("candidates", 10_000);
  private static final int MILLIS = Integer.getInteger("millis", 1000);
  private static final int RESTARTS = Integer.getInteger("restarts", 3);
  private static final String SEARCH = System.getProperty("search", "{ strategy = grid }");

  private static final int LEDGER_ROWS = Integer.getInteger("rows", 100_000);
  private static final BitSet ANSWERS = BitSet.valueOf(new Random(1).longs(78).toArray());

  /** A fifth of the candidates, each quantized in so many ways. */
  private static final String BITS = "[2, 3, 4, 5, 6]";

  /** By the plan a stage of so many takes a second, and none travels with another one. */
  private static final int EPOCHS = 400_000;

  private static final Training UNTRAINED =
      new Training(0, 64, 0.001, Training.Decay.COSINE, 0, 1, 0);

  /** What tasks did that is no work of the driver's, in this JVM. */
  private static final AtomicLong TASK_CPU_NANOS = new AtomicLong();

  private static final AtomicLong SLOTS_NANOS = new AtomicLong();
  private static final AtomicInteger TASKS = new AtomicInteger();
  private static final AtomicLong FIRST_TASK = new AtomicLong();

  /** Runs a task without any training, in the time that it is to take. */
  private record Sleeping(Function<StageTask, TaskResult> stages, int millis)
      implements Function<StageTask, TaskResult> {
    static Sleeping of(
        DistillationDataSource source, Broadcast<SerializableConfiguration> hadoop, int millis) {
      return new Sleeping(new RunStage(source, hadoop), millis);
    }

    @Override
    public TaskResult call(StageTask task) throws Exception {
      long start = System.nanoTime();
      FIRST_TASK.compareAndSet(0, start);
      long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      TaskResult result =
          stages.call(
              new StageTask(
                  task.steps().stream()
                      .map(
                          step ->
                              new StageTask.Step(
                                  step.key(),
                                  step.parent(),
                                  untrained(step.settings()),
                                  step.product()))
                      .toList()));
      TASK_CPU_NANOS.addAndGet(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu);
      long left = TimeUnit.MILLISECONDS.toNanos(millis) - (System.nanoTime() - start);
      if (left > 0) {
        TimeUnit.NANOSECONDS.sleep(left);
      }
      SLOTS_NANOS.addAndGet(System.nanoTime() - start);
      TASKS.incrementAndGet();
      return result;
    }

    private static StageSettings untrained(StageSettings settings) {
      if (settings instanceof Prune prune) {
        return prune.but().training(UNTRAINED).build();
      }
      if (settings instanceof Quantize quantize) {
        return new Quantize(
            quantize.bits(),
            quantize.quantizer(),
            quantize.group(),
            quantize.vectorDimension(),
            quantize.rate(),
            quantize.rateDistortion(),
            quantize.rateDistortionWeight(),
            null,
            quantize.batchNormalization(),
            quantize.origin(),
            UNTRAINED);
      }
      return settings;
    }
  }

  /** When what happened, as {@link System#nanoTime} has it. */
  private static final class Times implements SweepListener {
    private final long start = System.nanoTime();
    private long teacher;
    private long planned;
    private long last;
    private int stages;
    private int plannings;

    @Override
    public void teacherReady(Score validation) {
      teacher = System.nanoTime();
    }

    @Override
    public void planned(StageTree tree, int atMost) {
      planned = planned == 0 ? System.nanoTime() : planned;
      stages = tree.stages();
      plannings++;
    }

    @Override
    public void finished(Candidate candidate, Outcome outcome, int done) {
      last = System.nanoTime();
    }
  }

  private record Ended(int candidates, int failed, int frontier) {
    static Ended of(FrontierReport frontier, Map<Candidate, Outcome> outcomes) {
      int failed =
          (int) outcomes.values().stream().filter(Outcome.Failed.class::isInstance).count();
      return new Ended(outcomes.size(), failed, frontier.rows().size());
    }
  }

  @Test
  void aSweepAndTheSameAgain() throws IOException {
    Path folder =
        System.getProperty("out") == null
            ? Files.createTempDirectory("pare-scale")
            : Path.of(System.getProperty("out"));
    try (SparkSession session = LocalSpark.open(SLOTS)) {
      FileUtil.fullyDelete(folder.resolve("warm").toFile());
      run("warming up", session, spec(folder.resolve("warm"), 500, "{ strategy = grid }"), 0);
      Path out = folder.resolve("sweep");
      FileUtil.fullyDelete(out.toFile());
      SweepSpec spec = spec(out, CANDIDATES, SEARCH);
      run("all new", session, spec, MILLIS);
      describe(out);
      for (int i = 0; i < RESTARTS; i++) {
        run("all in the store", session, spec, MILLIS);
      }
    } finally {
      if (System.getProperty("out") == null) {
        FileUtil.fullyDelete(folder.toFile());
      }
    }
  }

  /** The ledger is written whole, whenever it is written. */
  @Test
  void ledgersOfRows() throws IOException {
    Path folder = Files.createTempDirectory("pare-ledger");
    try {
      for (int rows = 100; rows <= LEDGER_ROWS; rows *= 10) {
        RunningLedger ledger =
            new RunningLedger(folder.resolve("rows" + rows).toString(), new Configuration());
        List<Double> seconds = new ArrayList<>();
        for (int time = 0; time < 5; time++) {
          for (int i = 0; i < rows; i++) {
            StageKey key = new StageKey(String.format("%064x", i));
            ledger.expect(List.of(key));
            ledger.add(
                SampleCandidates.candidate((i + 1.0) / (rows + 2), 4),
                new Outcome.Measured(
                    key,
                    SampleCandidates.measurement(500 + i, ANSWERS, 5000),
                    Map.of("prune", 8.0, "quantize", 2.0, "encode", 0.5),
                    SampleCandidates.provenance(i % 100 + "@executor")));
          }
          // One is open, as while a sweep runs: what an earlier run may have had is looked for.
          ledger.expect(List.of(new StageKey("f".repeat(64))));
          long start = System.nanoTime();
          ledger.write();
          seconds.add(seconds(start, System.nanoTime()));
        }
        seconds.sort(null);
        System.out.printf("ledger of %d rows: %.3f s to write%n", rows, seconds.get(2));
      }
    } finally {
      FileUtil.fullyDelete(folder.toFile());
    }
  }

  private static void run(String what, SparkSession session, SweepSpec spec, int millis) {
    TASK_CPU_NANOS.set(0);
    SLOTS_NANOS.set(0);
    TASKS.set(0);
    FIRST_TASK.set(0);
    System.gc();
    Times times = new Times();
    long cpu = processCpuNanos();
    long executors = executorCpuNanos();
    long collected = collectionMillis();
    long[] heap = new long[1];
    Ended ended =
        new SweepExecution(
                session,
                spec,
                times,
                RetryPolicy.KEEP_FAILURES,
                (source, hadoop) -> Sleeping.of(source, hadoop, millis))
            .run(
                (frontier, outcomes, run, change) -> {
                  heap[0] = heapAfterCollection();
                  return Ended.of(frontier, outcomes);
                });
    long end = System.nanoTime();
    // Threads of executors that have long been idle end, and are missing then.
    long ofExecutors = Math.max(0, executorCpuNanos() - executors);
    double own = (processCpuNanos() - cpu - ofExecutors) / 1e9;
    System.out.printf(
        "%s: %d candidates (%d failed, %d on the frontier), %d stages in %d batches, %d tasks of %d ms on"
            + " local[%d]%n",
        what,
        ended.candidates(),
        ended.failed(),
        ended.frontier(),
        times.stages,
        times.plannings,
        TASKS.get(),
        millis,
        SLOTS);
    System.out.printf(
        "  whole %.2f s: teacher after %.2f s, planned after %.2f s, first task after %.2f s, last"
            + " candidate after %.2f s%n",
        seconds(times.start, end),
        seconds(times.start, times.teacher),
        seconds(times.start, times.planned),
        FIRST_TASK.get() == 0 ? Double.NaN : seconds(times.start, FIRST_TASK.get()),
        seconds(times.start, times.last));
    if (TASKS.get() > 0) {
      double ideal = SLOTS_NANOS.get() / 1e9 / SLOTS;
      double took = seconds(times.planned, times.last);
      System.out.printf(
          "  scheduling %.2f s, %.2f%% of the ideal %.2f s, %.2f ms more a candidate; executors"
              + " %.2f ms of a processor a task, %.2f of it the task%n",
          took,
          100 * ideal / took,
          ideal,
          1000 * (took - ideal) / ended.candidates(),
          ofExecutors / 1e6 / TASKS.get(),
          TASK_CPU_NANOS.get() / 1e6 / TASKS.get());
    }
    System.out.printf(
        "  driver %.1f s of a processor, %.2f ms a candidate, %.1f s of it collections; heap %d MB"
            + " at the end%n",
        own,
        1000 * own / ended.candidates(),
        (collectionMillis() - collected) / 1000.0,
        heap[0] >> 20);
  }

  /** What lies in the folder of results, and in how many folders. */
  private static void describe(Path out) throws IOException {
    Map<String, long[]> parts = new TreeMap<>();
    Map<Path, Integer> names = new TreeMap<>();
    try (Stream<Path> all = Files.walk(out)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        long[] part =
            parts.computeIfAbsent(out.relativize(file).getName(0).toString(), p -> new long[2]);
        part[0]++;
        part[1] += Files.size(file);
        names.merge(file.getParent(), 1, Integer::sum);
      }
    }
    System.out.println(
        parts.entrySet().stream()
            .map(
                p -> "%s %d in %d KB".formatted(p.getKey(), p.getValue()[0], p.getValue()[1] >> 10))
            .collect(Collectors.joining(", ", "  files: ", "")));
    System.out.printf(
        "  folders: %d, of at most %d files%n",
        names.size(), names.values().stream().mapToInt(Integer::intValue).max().orElse(0));
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }

  private static long processCpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** Of the threads that are executors' where those are elsewhere. */
  private static long executorCpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long nanos = 0;
    for (long id : threads.getAllThreadIds()) {
      ThreadInfo thread = threads.getThreadInfo(id);
      if (thread != null && thread.getThreadName().startsWith("Executor task launch worker")) {
        nanos += Math.max(0, threads.getThreadCpuTime(id));
      }
    }
    return nanos;
  }

  private static long collectionMillis() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(collector -> collector.getCollectionTime())
        .sum();
  }

  private static long heapAfterCollection() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** A sweep of so many candidates, over examples of four classes that two features tell. */
  private static SweepSpec spec(Path out, int candidates, String search) throws IOException {
    Path train = examples(out, "train.csv", 1200, 1);
    Path test = examples(out, "test.csv", 200, 2);
    int prunes = candidates / 5;
    int sparsities = prunes < 1000 ? prunes / 2 : prunes / 20;
    String conf =
        """
        sweep { out = "file://%s" }
        search = %s
        data { format = csv, validation = 200, train.features = "%s", test.features = "%s" }
        teacher { architecture = mlp, widths = [5], epochs = 20, batch = 32, learning-rate = 0.01 }
        space {
          sparsity = { from = 0.1, to = 0.9, levels = %d }
          temperature = { from = 1, to = 20, levels = %d }
          bits = %s
        }
        student { epochs = %d, quantize.epochs = %d }
        """
            .formatted(
                out, search, train, test, sparsities, prunes / sparsities, BITS, EPOCHS, EPOCHS);
    Path file = out.resolveSibling(out.getFileName() + ".conf");
    Files.writeString(file, conf);
    return SweepSpec.load(file.toString(), List.of());
  }

  private static Path examples(Path out, String name, int count, long seed) throws IOException {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double first = random.nextGaussian();
      double second = random.nextGaussian();
      int label = (first > 0 ? 1 : 0) + (second > 0 ? 2 : 0);
      StringBuilder line = new StringBuilder().append(label);
      line.append(String.format(",%.3f,%.3f", first, second));
      for (int noise = 0; noise < 4; noise++) {
        line.append(String.format(",%.3f", random.nextGaussian()));
      }
      lines.add(line.toString());
    }
    Path file = Files.createDirectories(out.getParent()).resolve(name);
    return Files.write(file, lines);
  }
}
