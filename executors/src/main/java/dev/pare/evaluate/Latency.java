package dev.pare.evaluate;

import dev.pare.graph.Network;
import dev.pare.layers.Batch;
import dev.pare.train.Engine;
import dev.pare.train.Engines;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How long a network's way from features to logits takes on this machine, for one batch, in
 * milliseconds: the median of many timings, and the quartiles around it.
 *
 * @param low the lower quartile
 * @param median the median
 * @param high the upper quartile
 */
public record Latency(double low, double median, double high) {
  private static final int ROUNDS = 24;
  private static final double WARM_UP_SHARE = 0.5;
  private static final double MILLIS = 1e-6;

  public Latency {
    if (!(low >= 0 && low <= median && median <= high)) {
      throw new IllegalArgumentException(
          "latency of " + low + ", " + median + ", " + high + " ms: must be in order, and numbers");
    }
  }

  /**
   * Times networks side by side on the calling thread: in every round each in turn, so that
   * whatever else the machine does, or how fast it happens to be, falls on all of them.
   *
   * @param batch examples of a pass, at least 1; they are random
   * @param seconds that each network is timed for, above 0; half as much before that warms it up
   * @return a latency a network
   */
  public static List<Latency> measure(List<Network> networks, int batch, double seconds) {
    if (batch < 1) {
      throw new IllegalArgumentException("batch = " + batch + ": must be at least 1");
    }
    checkSeconds(seconds);
    List<Pass> passes = new ArrayList<>();
    try {
      for (Network network : networks) {
        passes.add(new Pass(network, batch));
      }
      return sideBySide(passes, seconds);
    } finally {
      passes.forEach(Pass::close);
    }
  }

  /**
   * Times anything in the same way.
   *
   * @param runs each what is timed
   * @param seconds that each is timed for, above 0
   * @return a latency each
   */
  public static List<Latency> sideBySide(List<? extends Runnable> runs, double seconds) {
    checkSeconds(seconds);
    int[] repeats = new int[runs.size()];
    for (int i = 0; i < repeats.length; i++) {
      repeats[i] = warmUp(runs.get(i), WARM_UP_SHARE * seconds, seconds / ROUNDS);
    }
    double[][] times = new double[repeats.length][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < times.length; i++) {
        times[i][round] = time(runs.get(i), repeats[i]);
      }
    }
    return Arrays.stream(times).map(Latency::of).toList();
  }

  private static void checkSeconds(double seconds) {
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("seconds = " + seconds + ": must be above 0");
    }
  }

  /** Runs for so many seconds, and finds how many runs a timing of {@code each} takes. */
  private static int warmUp(Runnable run, double seconds, double each) {
    long start = System.nanoTime();
    long count = 0;
    double elapsed;
    do {
      run.run();
      count++;
      elapsed = 1e-9 * (System.nanoTime() - start);
    } while (elapsed < seconds);
    // The first ones are the slowest, so that this is rather too few.
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.round(count * each / elapsed)));
  }

  /** Milliseconds of a run. */
  private static double time(Runnable run, int repeats) {
    long start = System.nanoTime();
    for (int i = 0; i < repeats; i++) {
      run.run();
    }
    return MILLIS * (System.nanoTime() - start) / repeats;
  }

  private static Latency of(double[] times) {
    Arrays.sort(times);
    int quarter = times.length / 4;
    int last = times.length - 1;
    return new Latency(
        times[quarter], (times[last / 2] + times[times.length / 2]) / 2, times[last - quarter]);
  }

  /** One network, and a batch to run through it. */
  private static final class Pass implements Runnable, AutoCloseable {
    private final float[] parameters;
    private final Batch inputs;
    private final float[] logits;
    private final Engine engine;

    Pass(Network network, int batch) {
      this.parameters = network.parameters();
      int features = network.architecture().input().size();
      float most = network.architecture().input().divisor();
      int[] vocabularies = network.architecture().vocabularies();
      float[] values = new float[Math.multiplyExact(batch, features)];
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < values.length; i++) {
        int tokens = vocabularies[i % features];
        values[i] = tokens > 0 ? random.nextInt(tokens) : (float) (most * random.nextDouble());
      }
      this.inputs = Batch.of(values, batch);
      this.logits = new float[Math.multiplyExact(batch, network.architecture().outputs())];
      this.engine = Engines.of(network.architecture(), batch);
    }

    @Override
    public void run() {
      engine.forward(parameters, inputs, logits);
    }

    @Override
    public void close() {
      engine.close();
    }
  }
}
