package dev.pare.opencl;

import dev.pare.candidate.Training;
import dev.pare.data.ByteExamples;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Initialization;
import dev.pare.train.DistillationLoss;
import dev.pare.train.MaskedWeights;
import dev.pare.train.Schedule;
import dev.pare.train.Trainer;
import dev.pare.train.TrainingDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * How many training steps a device takes a second, by how many students are trained at once: whole
 * steps of distillation on made-up bytes, as a sweep takes them, copies and waiting included.
 */
public final class DeviceBenchmark {
  private static final int EXAMPLES = 8192;
  private static final int BATCH = 64;
  private static final int WARM_UP_EPOCHS = 1;

  private final TrainingDevice device;
  private final Architecture architecture;
  private final Examples examples;
  private final DistillationLoss loss;

  public DeviceBenchmark(TrainingDevice device, Architecture architecture) {
    this.device = device;
    this.architecture = architecture;
    this.examples = madeUp(architecture.input().size(), architecture.outputs());
    float[] teacher = new float[EXAMPLES * architecture.outputs()];
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < teacher.length; i++) {
      teacher[i] = (float) (8 * random.nextDouble());
    }
    this.loss = DistillationLoss.ofTeacher(examples, teacher, 4, 0.7);
  }

  /**
   * Steps a second of all students together.
   *
   * @param epochs of 128 steps
   */
  public double stepsASecond(int students, int epochs) {
    train(students, WARM_UP_EPOCHS);
    long start = System.nanoTime();
    train(students, epochs);
    double seconds = (System.nanoTime() - start) / 1e9;
    return (double) students * epochs * (EXAMPLES / BATCH) / seconds;
  }

  private void train(int students, int epochs) {
    ExecutorService threads = Executors.newFixedThreadPool(students);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < students; i++) {
        int seed = i;
        all.add(threads.submit(() -> trainOne(epochs, seed)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private void trainOne(int epochs, long seed) {
    Training settings = new Training(epochs, BATCH, 1e-3, Training.Decay.COSINE, 0, 4, 0.7);
    MaskedWeights weights = new MaskedWeights(Initialization.random(architecture, seed));
    new Trainer(architecture, examples, EXAMPLES, loss, settings, 0, seed)
        .train(weights, Schedule.NONE, device);
  }

  /** Bytes without meaning, a tenth of which are not zero, as in pictures of digits. */
  private static Examples madeUp(int features, int classes) {
    byte[] values = new byte[EXAMPLES * features];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (random.nextInt(10) == 0 ? random.nextInt(256) : 0);
    }
    int[] labels = IntStream.range(0, EXAMPLES).map(i -> i % classes).toArray();
    return new ByteExamples(values, features, labels, classes);
  }
}
