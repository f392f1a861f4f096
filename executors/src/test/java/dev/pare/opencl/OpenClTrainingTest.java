package dev.pare.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.candidate.Adversarial;
import dev.pare.candidate.Averaging;
import dev.pare.candidate.Distillation;
import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.Parameter;
import dev.pare.graph.Pooling;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Window;
import dev.pare.quantize.CodebookWeights;
import dev.pare.train.BatchLoss;
import dev.pare.train.DeviceFailureException;
import dev.pare.train.DistillationLoss;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import dev.pare.train.TrainableParameters;
import dev.pare.train.Trainer;
import dev.pare.train.TrainingDevice;
import dev.pare.train.TrainingDivergedException;
import dev.pare.train.TrainingRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Pare's layers on the processor, on whatever device there is: on PoCL in builds. */
class OpenClTrainingTest {
  private static final int SIZE = 57;

  private static TrainingDevice device;

  @BeforeAll
  static void open() {
    OpenClKind kind = new OpenClKind();
    assumeTrue(kind.missing().isEmpty(), () -> kind.missing().orElseThrow());
    device = kind.device(0);
  }

  private static Architecture architecture(InputShape input, Object... steps) {
    return new Architecture(
        input, Stream.of(steps).map(step -> (dev.pare.graph.Step) step).toList());
  }

  static List<Architecture> architectures() {
    InputShape flat = new InputShape(13, 1, 1, 1);
    InputShape image = new InputShape(2, 9, 8, 3);
    Dense last = new Dense(5, Activation.SOFTMAX);
    return List.of(
        architecture(flat, last),
        architecture(
            flat,
            new Dense(70, Activation.RELU),
            new Dense(33, Activation.TANH),
            new Dense(17, Activation.SIGMOID),
            last),
        architecture(
            flat,
            new Dense(21, Activation.IDENTITY),
            new BatchNormalization(1e-3f, Activation.RELU),
            last),
        architecture(
            image,
            new Convolution(6, 3, 1, 1, Activation.RELU),
            new Pooling(Pooling.Pool.MAX, 2, 2),
            new Convolution(4, 2, 1, 0, Activation.TANH),
            last),
        architecture(
            image,
            new Convolution(
                4, 2, new Window(3, 2, 1, 2, 0), new Window(2, 1, 2, 1, 1), Activation.IDENTITY),
            new BatchNormalization(1e-5f, Activation.RELU),
            new Convolution(8, 4, new Window(3, 1, 1), new Window(3, 1, 1), Activation.RELU),
            new Pooling(Pooling.Pool.AVERAGE, new Window(3, 2, 1), new Window(3, 2, 1)),
            last),
        architecture(
            image,
            new Pooling(Pooling.Pool.MAX, new Window(3, 1, 1, 1, 1), new Window(2, 1, 1, 0, 1)),
            new Convolution(6, 3, 1, 1, Activation.RELU),
            new Pooling(Pooling.Pool.MAX, new Window(3, 2, 1, 1, 0), new Window(3, 1, 1, 0, 1)),
            last),
        architecture(
            image,
            new Convolution(4, 3, 1, 1, Activation.RELU),
            new Convolution(4, 3, 1, 1, Activation.IDENTITY),
            Node.of(new Shortcut(Activation.RELU), 1, 0),
            Node.of(new Convolution(6, 3, 2, 1, Activation.RELU), 2),
            Node.of(new Convolution(6, 3, 1, 1, Activation.IDENTITY), 3),
            Node.of(new Shortcut(Activation.RELU), 4, 2),
            new Pooling(Pooling.Pool.AVERAGE, 4, 4),
            last));
  }

  private static Examples examples(Architecture architecture) {
    SplittableRandom random = new SplittableRandom(4);
    int features = architecture.input().size();
    float[] values = new float[SIZE * features];
    int[] labels = new int[SIZE];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    for (int i = 0; i < SIZE; i++) {
      labels[i] = random.nextInt(architecture.outputs());
    }
    return MemoryExamples.of(values, features, labels, architecture.outputs());
  }

  private static BatchLoss loss(Examples examples) {
    SplittableRandom random = new SplittableRandom(5);
    float[] teacher = new float[SIZE * examples.outputs()];
    for (int i = 0; i < teacher.length; i++) {
      teacher[i] = (float) random.nextDouble(-4, 4);
    }
    return DistillationLoss.ofTeacher(examples, teacher, 3, 0.6);
  }

  /** A penalty, so that a wrong scale of gradients shows though Adam takes no notice of it. */
  private static void train(
      Architecture architecture,
      BatchLoss loss,
      TrainableParameters variables,
      Schedule schedule,
      TrainingDevice on) {
    Training settings = new Training(3, 16, 1e-3, Training.Decay.COSINE, 0.05, 3, 0.6);
    Examples examples = examples(architecture);
    new Trainer(architecture, examples, SIZE, loss, settings, 0.01, 6)
        .train(variables, schedule, on);
  }

  private static MaskedWeights weights(Architecture architecture, int seed) {
    MaskedWeights weights = new MaskedWeights(Initialization.random(architecture, seed));
    SplittableRandom random = new SplittableRandom(seed);
    architecture
        .weights()
        .forEach(
            tensor -> {
              for (int i = tensor.offset(); i < tensor.end(); i++) {
                if (random.nextInt(3) == 0) {
                  weights.prune(i);
                }
              }
            });
    return weights;
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void weightsBecomeWhatTheyDoOnTheProcessor(Architecture architecture) {
    BatchLoss loss = loss(examples(architecture));
    MaskedWeights there = weights(architecture, 1);
    MaskedWeights here = weights(architecture, 1);
    train(architecture, loss, there, Schedule.NONE, device);
    train(architecture, loss, here, Schedule.NONE, null);
    assertClose(
        there.values(),
        here.values(),
        weights(architecture, 1).values(),
        withoutSlope(architecture));
  }

  /** A teacher's distributions and smoothed labels together have a kernel, too. */
  @Test
  void smoothedLabelsAreLearnedAsOnTheProcessor() {
    Architecture architecture = architectures().get(0);
    BatchLoss loss = distilled(examples(architecture), Distillation.Loss.SOFT_TARGETS);
    MaskedWeights there = weights(architecture, 1);
    MaskedWeights here = weights(architecture, 1);
    train(architecture, loss, there, Schedule.NONE, device);
    train(architecture, loss, here, Schedule.NONE, null);
    assertClose(
        there.values(),
        here.values(),
        weights(architecture, 1).values(),
        withoutSlope(architecture));
  }

  @Test
  void whatItHasNoKernelsForItRefuses() {
    Architecture architecture = architectures().get(0);
    Examples examples = examples(architecture);
    BatchLoss decoupled = distilled(examples, Distillation.Loss.DECOUPLED);
    Averaging swa = new Averaging(Averaging.Kind.SWA, 0.5, 0.9);
    assertThat(device.refusal(run(architecture, decoupled, Averaging.NONE)))
        .hasValue("there is no kernel for the loss");
    assertThat(device.refusal(run(architecture, loss(examples), swa)))
        .hasValue("weights are averaged");
    for (Adversarial.Method method : List.of(Adversarial.Method.PGD, Adversarial.Method.TRADES)) {
      Adversarial adversarial = new Adversarial(method, 0.1, 1, 6);
      assertThat(device.refusal(run(architecture, loss(examples), Averaging.NONE, adversarial)))
          .hasValue("inputs are made by attacks on the student");
    }
    assertThat(device.refusal(run(architecture, loss(examples), Averaging.NONE))).isEmpty();
  }

  private static BatchLoss distilled(Examples examples, Distillation.Loss loss) {
    Distillation settings =
        new Distillation(
            0.2, loss, Distillation.Logits.RAW, 1, 8, null, null, Distillation.Relation.NONE, null);
    float[] teacher = loss(examples).terms().orElseThrow().teacher();
    return DistillationLoss.ofTeacher(examples, teacher, 3, 0.6, settings);
  }

  private static TrainingRun run(Architecture architecture, BatchLoss loss, Averaging averaging) {
    return run(architecture, loss, averaging, Adversarial.NONE);
  }

  private static TrainingRun run(
      Architecture architecture, BatchLoss loss, Averaging averaging, Adversarial adversarial) {
    Training settings =
        new Training(
            3,
            16,
            1e-3,
            Training.Decay.COSINE,
            0,
            3,
            0.6,
            Distillation.USUAL,
            averaging,
            null,
            adversarial);
    return new TrainingRun(
        architecture,
        examples(architecture),
        SIZE,
        loss,
        settings,
        0,
        6,
        weights(architecture, 1),
        Schedule.NONE);
  }

  /**
   * Biases before a normalization, which takes them away again: their gradients are rounding alone,
   * and the running means follow them.
   */
  private static int withoutSlope(Architecture architecture) {
    return architecture.tensors().stream()
        .filter(tensor -> tensor.role() == Parameter.Role.MEAN)
        .mapToInt(tensor -> 2 * tensor.size())
        .sum();
  }

  private static void assertClose(float[] there, float[] here, float[] start, int free) {
    int far = 0;
    double moved = 0;
    for (int i = 0; i < here.length; i++) {
      moved = Math.max(moved, Math.abs(here[i] - start[i]));
      far += Math.abs(there[i] - here[i]) > 2e-5 ? 1 : 0;
    }
    assertThat(moved).isGreaterThan(1e-3);
    // Adam makes whole steps of gradients that are next to nothing, whose sign is rounding's.
    assertThat(far).as("of %d", here.length).isLessThanOrEqualTo(here.length / 100 + free);
  }

  @Test
  void aCodebookIsTrained() {
    Architecture architecture = architectures().get(1);
    Network start = Initialization.random(architecture, 1);
    BatchLoss loss = loss(examples(architecture));
    CodebookWeights there = new CodebookWeights(start, 4);
    CodebookWeights here = new CodebookWeights(start, 4);
    float[] before = here.values().clone();
    train(architecture, loss, there, Schedule.NONE, device);
    train(architecture, loss, here, Schedule.NONE, null);
    assertClose(there.values(), here.values(), before, 0);
  }

  @Test
  void whatAScheduleChangesIsSeen() {
    Architecture architecture = architectures().get(3);
    BatchLoss loss = loss(examples(architecture));
    MaskedWeights there = weights(architecture, 1);
    MaskedWeights here = weights(architecture, 1);
    train(architecture, loss, there, new PruneSome(there), device);
    train(architecture, loss, here, new PruneSome(here), null);
    assertClose(there.values(), here.values(), weights(architecture, 1).values(), 0);
    for (int i = 0; i < here.values().length; i++) {
      assertThat(there.isPruned(i)).isEqualTo(here.isPruned(i));
    }
  }

  /** Prunes the smallest of some before the fifth step. */
  private record PruneSome(MaskedWeights weights) implements Schedule {
    @Override
    public void before(int step, int steps) {
      if (step == 5) {
        for (int i = 0; i < 60; i++) {
          if (Math.abs(weights.values()[i]) < 0.1) {
            weights.prune(i);
          }
        }
      }
    }

    @Override
    public OptionalInt next(int step, int steps) {
      return OptionalInt.of(step <= 5 ? 5 : steps);
    }
  }

  @Test
  void aStudentHasTheSameBitsAloneAndInCompany() throws Exception {
    Architecture architecture = architectures().get(4);
    BatchLoss loss = loss(examples(architecture));
    List<float[]> alone = new ArrayList<>();
    for (int seed = 0; seed < 5; seed++) {
      alone.add(trained(architecture, loss, seed));
    }
    ExecutorService threads = Executors.newFixedThreadPool(5);
    try {
      List<Future<float[]>> together = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        int seed = i;
        together.add(threads.submit(() -> trained(architecture, loss, seed)));
      }
      for (int i = 0; i < 5; i++) {
        assertThat(together.get(i).get()).containsExactly(alone.get(i), within(0f));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Of 5 students at once few fit; the others wait. */
  @ParameterizedTest
  @ValueSource(longs = {300_000, 1_000_000})
  void studentsWaitForRoom(long budget) throws Exception {
    Architecture architecture = architectures().get(4);
    BatchLoss loss = loss(examples(architecture));
    TrainingDevice small = new OpenClDevice(OpenCl.devices(OpenCl.ANY_DEVICE).get(0), budget);
    ExecutorService threads = Executors.newFixedThreadPool(5);
    try {
      List<Future<float[]>> together = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        int seed = i;
        together.add(threads.submit(() -> trained(architecture, loss, seed, small)));
      }
      for (int i = 0; i < 5; i++) {
        assertThat(together.get(i).get(2, TimeUnit.MINUTES))
            .isEqualTo(trained(architecture, loss, i));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void withoutRoomForOneStudentThereIsAnError() {
    Architecture architecture = architectures().get(4);
    BatchLoss loss = loss(examples(architecture));
    TrainingDevice none = new OpenClDevice(OpenCl.devices(OpenCl.ANY_DEVICE).get(0), 50_000);
    for (int i = 0; i < 3; i++) {
      assertThatExceptionOfType(DeviceFailureException.class)
          .isThrownBy(() -> trained(architecture, loss, 1, none))
          .withMessageContaining("bytes of device memory");
    }
  }

  /**
   * What is no number must reach the parameters through every kernel. Where sums overflow it
   * depends on the order and the rounding of products whether they come to infinity or to no
   * number.
   */
  @ParameterizedTest
  @MethodSource("architectures")
  void whatIsNoNumberIsSeenAsOnTheProcessor(Architecture architecture) {
    assertThat(diverges(architecture, null)).isTrue();
    assertThat(diverges(architecture, device)).isTrue();
  }

  private static boolean diverges(Architecture architecture, TrainingDevice on) {
    Training settings = new Training(3, 16, 0.01, Training.Decay.NONE, 0, 3, 0.6);
    int features = architecture.input().size();
    float[] values = new float[SIZE * features];
    Arrays.fill(values, Float.NaN);
    Examples examples = MemoryExamples.of(values, features, new int[SIZE], architecture.outputs());
    Trainer trainer = new Trainer(architecture, examples, SIZE, loss(examples), settings, 0, 6);
    try {
      trainer.train(weights(architecture, 1), Schedule.NONE, on);
      return false;
    } catch (TrainingDivergedException e) {
      return true;
    }
  }

  private static float[] trained(Architecture architecture, BatchLoss loss, int seed) {
    return trained(architecture, loss, seed, device);
  }

  private static float[] trained(
      Architecture architecture, BatchLoss loss, int seed, TrainingDevice on) {
    MaskedWeights weights = weights(architecture, seed);
    train(architecture, loss, weights, Schedule.NONE, on);
    return weights.values();
  }
}
