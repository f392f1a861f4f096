package dev.pare.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Training;
import dev.pare.data.MemoryExamples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.layers.Batch;
import dev.pare.model.NamedArchitecture;
import dev.pare.sparsify.CalibrationSource;
import dev.pare.sparsify.Pruning;
import dev.pare.sparsify.ReducedNetwork;
import dev.pare.train.Engine;
import dev.pare.train.Engines;
import dev.pare.train.MaskedWeights;
import java.util.Collection;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What networks gain whose neurons and filters were taken out: milliseconds of a forward pass of as
 * many examples as the {@link Evaluator} gives the engine at once, and how they and the
 * multiply-adds fall from the whole network's. {@code mvn -q -pl executors -am test
 * -Dsurefire.failIfNoSpecifiedTests=false -Dtest=RemovedUnitsBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class RemovedUnitsBenchmark {
  private static final int BATCH = 500;

  /** Whose units go. */
  @Param({"lenet-300-100", "lenet-5"})
  String network = "";

  /** How many of each hidden layer's units, in percent. */
  @Param({"0", "50", "75"})
  int removed = 0;

  private Engine engine;
  private float[] parameters;
  private float[] inputs;
  private float[] logits;

  /** Makes the smaller network. */
  @Setup
  public void prepare() {
    Network smaller = smaller(network, removed);
    Architecture architecture = smaller.architecture();
    engine = Engines.of(architecture, BATCH);
    parameters = smaller.parameters();
    inputs = new float[BATCH * architecture.input().size()];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = random.nextInt(256);
    }
    logits = new float[BATCH * architecture.outputs()];
  }

  private static Network smaller(String name, int removed) {
    NamedArchitecture named =
        NamedArchitecture.of(
            NamedArchitecture.Name.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')));
    Network whole = Initialization.random(named.resolve(new InputShape(1, 28, 28, 255), 10), 1);
    Prune units =
        new Prune(
                removed / 100.0,
                null,
                Prune.Saliency.MAGNITUDE,
                Prune.Scope.LAYER,
                Prune.Schedule.ONE_SHOT,
                0,
                new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0))
            .but()
            .granularity(Granularity.UNIT)
            .build();
    MaskedWeights weights = new MaskedWeights(whole);
    Pruning pruning =
        new Pruning(
            units,
            ReducedNetwork.none(whole),
            weights,
            new CalibrationSource(
                MemoryExamples.of(new float[784], 784, new int[1], 10), whole.architecture(), 0));
    pruning.prune();
    return pruning.without(weights.network()).network();
  }

  /** The forward pass over a batch that is there. */
  @Benchmark
  public float forward() {
    engine.forward(parameters, Batch.of(inputs, BATCH), logits);
    return logits[0];
  }

  @Test
  void timesFallAsTheOperationsDo() throws RunnerException {
    Collection<RunResult> results =
        new Runner(new OptionsBuilder().include(RemovedUnitsBenchmark.class.getName()).build())
            .run();
    assertThat(results).hasSize(6);
    System.out.printf(
        "%-14s %8s %8s %8s %14s%n", "network", "removed", "ms", "time", "multiply-adds");
    double wholeTime = 0;
    long wholeOperations = 1;
    // In the order of the parameters: of each network the whole one first.
    for (RunResult result : results) {
      String name = result.getParams().getParam("network");
      int percent = Integer.parseInt(result.getParams().getParam("removed"));
      double time = result.getPrimaryResult().getScore();
      long operations = smaller(name, percent).architecture().multiplyAdds();
      if (percent == 0) {
        wholeTime = time;
        wholeOperations = operations;
      }
      System.out.printf(
          Locale.ROOT,
          "%-14s %7d%% %8.3f %7.1f%% %13.1f%%%n",
          name,
          percent,
          time,
          100 * time / wholeTime,
          100.0 * operations / wholeOperations);
    }
  }
}
