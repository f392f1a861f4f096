package dev.pare.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.SampleCandidates;
import dev.pare.SmallSweep;
import dev.pare.candidate.Adversarial;
import dev.pare.candidate.Averaging;
import dev.pare.candidate.Calibration;
import dev.pare.candidate.Distillation;
import dev.pare.candidate.Encode;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Prune.Saliency;
import dev.pare.candidate.Quantize;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.candidate.Training;
import dev.pare.data.ExampleShape;
import dev.pare.data.Examples;
import dev.pare.evaluate.Evaluator;
import dev.pare.evaluate.Metrics;
import dev.pare.graph.Architecture;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.model.NamedArchitecture;
import dev.pare.model.NamedArchitecture.Name;
import dev.pare.pipeline.DistillationData;
import dev.pare.pipeline.HadoopStageStore;
import dev.pare.pipeline.ProductCache;
import dev.pare.pipeline.StageReport;
import dev.pare.pipeline.StageRunner;
import dev.pare.pipeline.StageTask;
import dev.pare.pipeline.StageTask.Product;
import dev.pare.pipeline.TeacherStage;
import dev.pare.prepare.Preparation;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * That whole stages run with a quarter more heap than is predicted, and not with a quarter less, in
 * a fresh JVM whose other heap is taken.
 */
class TaskMemoryTest {
  private static final InputShape IMAGE = new InputShape(1, 28, 28, 255);
  private static final int EXAMPLES = 512;
  private static final int VALIDATION = 600;
  private static final Training TRAINING =
      new Training(1, 256, 0.001, Training.Decay.COSINE, 0, 4, 0.7);

  /** Stages of one task. */
  private enum Sample {
    SURGEON(NamedArchitecture.of(Name.LENET_300_100), prune(Saliency.SURGEON, none())),
    RECONSTRUCTED_CONVOLUTIONS(
        new NamedArchitecture(
            Name.RESNET, List.of(16, 16), Map.of(NamedArchitecture.Size.BLOCKS, 1)),
        prune(Saliency.RECONSTRUCTION, none())),
    FISHER(
        new NamedArchitecture(
            Name.RESNET, List.of(16, 32), Map.of(NamedArchitecture.Size.BLOCKS, 1)),
        prune(Saliency.FISHER, none())),
    LENET_5(NamedArchitecture.of(Name.LENET_5), prune(Saliency.MAGNITUDE, TRAINING)),
    ATTACKED(
        new NamedArchitecture(
            Name.RESNET, List.of(8, 12), Map.of(NamedArchitecture.Size.BLOCKS, 1)),
        prune(Saliency.MAGNITUDE, trades())),
    RESNET(
        new NamedArchitecture(
            Name.RESNET, List.of(8, 12), Map.of(NamedArchitecture.Size.BLOCKS, 1)),
        prune(Saliency.MAGNITUDE, TRAINING),
        new Quantize(3, Quantize.Quantizer.UNIFORM, 0, TRAINING),
        new Encode(Encode.Precision.UNIFORM8)),
    RANKED(
        "auc",
        60_000,
        new NamedArchitecture(Name.MLP, List.of(4), Map.of()),
        new Encode(Encode.Precision.UNIFORM8));

    private final Metric metric;
    private final int validation;
    private final NamedArchitecture named;
    private final List<StageSettings> stages;

    Sample(NamedArchitecture named, StageSettings... stages) {
      this("error", VALIDATION, named, stages);
    }

    Sample(String metric, int validation, NamedArchitecture named, StageSettings... stages) {
      this.metric = Metric.of(metric).orElseThrow();
      this.validation = validation;
      this.named = named;
      this.stages = List.of(stages);
    }

    private Architecture architecture() {
      return named.resolve(IMAGE, 10);
    }
  }

  private static Training trades() {
    return new Training(
        1,
        64,
        0.001,
        Training.Decay.COSINE,
        0,
        4,
        0.7,
        Distillation.USUAL,
        Averaging.NONE,
        null,
        new Adversarial(Adversarial.Method.TRADES, 0.1, 1, 6));
  }

  private static Training none() {
    return new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);
  }

  private static Prune prune(Saliency saliency, Training training) {
    return new Prune(0.8, null, saliency, Prune.Scope.GLOBAL, Prune.Schedule.ONE_SHOT, 0, training)
        .but()
        .calibration(new Calibration(64, 32, 0.01))
        .build();
  }

  /** Images of noise, which take no memory. */
  private record Noise(int size) implements Examples {
    @Override
    public int features() {
      return IMAGE.size();
    }

    @Override
    public int classes() {
      return 10;
    }

    @Override
    public int label(int index) {
      return index % 10;
    }

    @Override
    public void copyFeatures(int index, float[] target, int offset) {
      SplittableRandom random = new SplittableRandom(index);
      for (int i = 0; i < features(); i++) {
        target[offset + i] = random.nextInt(256);
      }
    }
  }

  private static long predicted(Sample sample) {
    long metric = Metrics.bytes(sample.metric, new Noise(sample.validation));
    Workload workload =
        Workload.of(sample.architecture(), EXAMPLES, 1, sample.validation, 0, metric);
    return TaskMemory.of(workload, sample.stages).heapBytes();
  }

  /** Prints of samples whether they run with a quarter more and less heap than is predicted. */
  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    for (Sample sample : Sample.values()) {
      System.out.printf(
          "%s %b %b%n",
          sample,
          fits(sample, (long) (1.25 * predicted(sample)), folder),
          fits(sample, (long) (0.75 * predicted(sample)), folder));
    }
    System.out.println("off the heap " + offHeap());
    System.exit(0);
  }

  private static long offHeap() {
    return Pointer.totalBytes()
        + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
  }

  /** Whether a sample's stages run with so many bytes of heap; all others are taken. */
  private static boolean fits(Sample sample, long bytes, Path folder) {
    Network teacher = Initialization.random(sample.architecture(), 3);
    HadoopStageStore store =
        new HadoopStageStore("file://" + folder + "/" + sample + bytes, new Configuration());
    TeacherStage.write(
        store, SampleCandidates.ROOT, teacher, 3, SampleCandidates.provenance("0@here"));
    Examples train = new Noise(EXAMPLES);
    DistillationData distillation =
        new DistillationData(
            train,
            train.size(),
            new Noise(sample.validation),
            Evaluator.logits(teacher, train),
            new DistillationData.Origin(teacher.architecture(), 3L),
            new ExampleShape(1, 28, 28),
            Preparation.NONE,
            sample.metric);
    List<StageTask.Step> steps = new ArrayList<>();
    StageKey parent = SampleCandidates.ROOT;
    for (StageSettings stage : sample.stages) {
      StageKey key = new StageKey(String.valueOf(steps.size() + 1).repeat(64));
      steps.add(new StageTask.Step(key, parent, stage, Product.KEPT));
      parent = key;
    }
    byte[] others = new byte[Math.toIntExact(free() - bytes)];
    try {
      List<StageReport> reports =
          new StageRunner(
                  store,
                  distillation,
                  new ProductCache(0),
                  new StageTask(steps),
                  SampleCandidates.provenance("0@here"))
              .run();
      StageReport last = reports.get(reports.size() - 1);
      if (last.failure() != null) {
        throw new IllegalStateException(sample + ": " + last.failure());
      }
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    } finally {
      Reference.reachabilityFence(others);
    }
  }

  /** Bytes of the old generation, into which all that is large goes. */
  private static long free() {
    System.gc();
    MemoryPoolMXBean old =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().contains("Tenured"))
            .findFirst()
            .orElseThrow();
    return old.getUsage().getMax() - old.getCollectionUsage().getUsed();
  }

  @Test
  void isWhatStagesTake(@TempDir Path folder) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmn2m",
            "-Xms512m",
            "-Xmx512m",
            "-Dpare.root=" + SmallSweep.ROOT,
            "-cp",
            System.getProperty("java.class.path"),
            TaskMemoryTest.class.getName(),
            folder.toString()));
    Path errors = folder.resolve("errors");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(out + Files.readString(errors)).isZero();
    List<String> lines = out.lines().toList();
    assertThat(lines)
        .startsWith(
            Arrays.stream(Sample.values())
                .map(sample -> sample + " true false")
                .toArray(String[]::new));
    long offHeap = Long.parseLong(lines.get(lines.size() - 1).replaceAll("\\D", ""));
    assertThat(offHeap).isLessThan(32L << 20);
  }
}
