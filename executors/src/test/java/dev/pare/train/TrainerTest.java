package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.candidate.Training;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.QuickstartData;
import dev.pare.data.TrainingData;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Pooling;
import dev.pare.layers.Team;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class TrainerTest {
  private static final Architecture DENSE =
      new Architecture(
          new InputShape(12, 1, 1, 1),
          List.of(new Dense(16, Activation.RELU), new Dense(3, Activation.SOFTMAX)));
  private static final Architecture CONVOLUTIONAL =
      new Architecture(
          new InputShape(1, 6, 6, 1),
          List.of(
              new Convolution(4, 3, 1, Activation.RELU),
              new Pooling(Pooling.Pool.MAX, 2, 2),
              new Dense(3, Activation.SOFTMAX)));

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherSeedOthers() {
    for (Architecture architecture : List.of(DENSE, CONVOLUTIONAL)) {
      float[] first = trained(architecture, 1);
      assertThat(trained(architecture, 1)).containsExactly(first);
      assertThat(trained(architecture, 2)).isNotEqualTo(first);
    }
  }

  @Test
  void trainingsAtTheSameTimeDoNotDisturbEachOther()
      throws InterruptedException, ExecutionException {
    List<Architecture> architectures = List.of(DENSE, CONVOLUTIONAL, DENSE, CONVOLUTIONAL);
    List<float[]> alone = new ArrayList<>();
    for (int i = 0; i < architectures.size(); i++) {
      alone.add(trained(architectures.get(i), i));
    }
    ExecutorService threads = Executors.newFixedThreadPool(architectures.size());
    try {
      CountDownLatch start = new CountDownLatch(architectures.size());
      List<Future<float[]>> together = new ArrayList<>();
      for (int i = 0; i < architectures.size(); i++) {
        int seed = i;
        together.add(
            threads.submit(
                () -> {
                  start.countDown();
                  start.await();
                  return trained(architectures.get(seed), seed);
                }));
      }
      for (int i = 0; i < alone.size(); i++) {
        assertThat(together.get(i).get()).as("training %d", i).containsExactly(alone.get(i));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aTeamOfAnySizeTrainsTheSameBitsAsOneThread() {
    Architecture wide =
        new Architecture(
            new InputShape(700, 1, 1, 1),
            List.of(new Dense(300, Activation.RELU), new Dense(3, Activation.SOFTMAX)));
    Examples examples = MemoryExamples.clusters(260, 700, 3, new SplittableRandom(4));
    Training settings = settings(3, 128, 0.01, Training.Decay.COSINE);
    float[] alone = trained(wide, examples, settings);
    for (int size = 1; size <= 5; size++) {
      assertThat(Team.compute(size, () -> trained(wide, examples, settings)))
          .as("a team of %d", size)
          .isEqualTo(alone);
    }
  }

  private static float[] trained(Architecture architecture, Examples examples, Training settings) {
    MaskedWeights weights = new MaskedWeights(Initialization.random(architecture, 1));
    trainer(architecture, examples, settings, 1).train(weights, Schedule.NONE);
    return weights.values();
  }

  @Test
  void learnsRealDigits() {
    TrainingData data = QuickstartData.load();
    Architecture architecture =
        new Architecture(
            new InputShape(1, 28, 28, 255),
            List.of(new Dense(32, Activation.RELU), new Dense(10, Activation.SOFTMAX)));
    MaskedWeights weights = new MaskedWeights(Initialization.random(architecture, 7));
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 784 * 32; i++) {
      if (random.nextInt(4) == 0) {
        weights.prune(i);
      }
    }
    Trainer trainer =
        new Trainer(
            architecture,
            data.train(),
            data.train().size(),
            DistillationLoss.ofLabels(data.train(), 0),
            settings(2, 64, 0.002, Training.Decay.COSINE),
            0,
            7);
    trainer.train(weights, Schedule.NONE);
    double accuracy = Evaluator.correctness(weights.network(), data.validation()).accuracy();
    assertThat(accuracy).isGreaterThan(0.85);
    for (int i = 0; i < weights.values().length; i++) {
      if (weights.isPruned(i)) {
        assertThat(Float.floatToRawIntBits(weights.values()[i])).isZero();
      }
    }
  }

  @Test
  void anAbsurdLearningRateIsADivergence() {
    MaskedWeights weights = new MaskedWeights(Initialization.random(DENSE, 1));
    Trainer trainer = trainer(DENSE, settings(3, 8, 1e30, Training.Decay.NONE), 1);
    assertThatThrownBy(() -> trainer.train(weights, Schedule.NONE))
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("learning-rate = 1.0E30");
  }

  @Test
  void theScheduleSeesEveryStepOnce() {
    Trainer trainer = trainer(DENSE, settings(3, 16, 0.01, Training.Decay.NONE), 1);
    List<Integer> seen = new ArrayList<>();
    trainer.train(
        new MaskedWeights(Initialization.random(DENSE, 1)),
        (step, steps) -> {
          assertThat(steps).isEqualTo(trainer.steps());
          seen.add(step);
        });
    // 60 examples in batches of 16 are 4 steps an epoch.
    assertThat(seen).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  }

  @Test
  void noEpochsChangeNothing() {
    MaskedWeights weights = new MaskedWeights(Initialization.random(DENSE, 1));
    float[] before = weights.values().clone();
    trainer(DENSE, settings(0, 8, 0.1, Training.Decay.NONE), 1).train(weights, Schedule.NONE);
    assertThat(weights.values()).containsExactly(before);
  }

  @Test
  void aBatchLargerThanTheDataIsAllOfIt() {
    Trainer trainer = trainer(DENSE, settings(2, Integer.MAX_VALUE, 0.1, Training.Decay.NONE), 1);
    assertThat(trainer.steps()).isEqualTo(2);
    trainer.train(new MaskedWeights(Initialization.random(DENSE, 1)), Schedule.NONE);
  }

  @Test
  void refusesExamplesThatDoNotFitTheNetwork() {
    Training settings = settings(1, 8, 0.1, Training.Decay.NONE);
    SplittableRandom random = new SplittableRandom(1);
    assertThatThrownBy(() -> trainer(DENSE, MemoryExamples.clusters(9, 5, 3, random), settings, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("examples have 5 features, the network reads 12");
    assertThatThrownBy(() -> trainer(DENSE, MemoryExamples.clusters(9, 12, 4, random), settings, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("examples ask for 4 outputs, the network has 3");
  }

  private static float[] trained(Architecture architecture, long seed) {
    MaskedWeights weights = new MaskedWeights(Initialization.random(architecture, 1));
    trainer(architecture, settings(5, 8, 0.01, Training.Decay.COSINE), seed)
        .train(weights, Schedule.NONE);
    return weights.values();
  }

  private static Trainer trainer(Architecture architecture, Training settings, long seed) {
    Examples examples =
        MemoryExamples.clusters(60, architecture.input().size(), 3, new SplittableRandom(4));
    return trainer(architecture, examples, settings, seed);
  }

  private static Trainer trainer(
      Architecture architecture, Examples examples, Training settings, long seed) {
    return new Trainer(
        architecture,
        examples,
        examples.size(),
        DistillationLoss.ofLabels(examples, 0),
        settings,
        0,
        seed);
  }

  @Test
  void aStepAllocatesNothing() {
    Architecture architecture =
        new Architecture(
            new InputShape(1, 12, 12, 255),
            List.of(
                new Convolution(4, 3, 1, Activation.IDENTITY),
                new BatchNormalization(1e-5f, Activation.RELU),
                new Pooling(Pooling.Pool.MAX, 2, 2),
                new Dense(16, Activation.RELU),
                new Dense(10, Activation.SOFTMAX)));
    Examples examples = new RandomExamples(64, 144, 10);
    DistillationLoss loss = DistillationLoss.ofTeacher(examples, new float[640], 4, 0.7);
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] allocated = new long[2];
    int[] epochs = {500, 1500};
    for (int run = 0; run < epochs.length; run++) {
      MaskedWeights weights = new MaskedWeights(Initialization.random(architecture, 1));
      Trainer trainer =
          new Trainer(
              architecture,
              examples,
              64,
              loss,
              settings(epochs[run], 32, 1e-3, Training.Decay.COSINE),
              0,
              1);
      long before = threads.getCurrentThreadAllocatedBytes();
      trainer.train(weights, Schedule.NONE);
      allocated[run] = threads.getCurrentThreadAllocatedBytes() - before;
    }
    // 2,000 more steps in the second run; what the compiler keeps on the heap is less than the
    // smallest array of a batch, its logits.
    assertThat((allocated[1] - allocated[0]) / 2_000.0).isLessThan(32 * 10 * Float.BYTES);
  }

  private static Training settings(int epochs, int batch, double rate, Training.Decay decay) {
    return new Training(epochs, batch, rate, decay, 0, 1, 0);
  }
}
