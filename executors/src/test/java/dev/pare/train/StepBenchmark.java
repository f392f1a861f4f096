package dev.pare.train;

import dev.pare.candidate.Prune;
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
import dev.pare.graph.Pooling;
import dev.pare.layers.Batch;
import dev.pare.model.NamedArchitecture;
import dev.pare.quantize.CodebookWeights;
import dev.pare.quantize.UniformWeights;
import dev.pare.sparsify.CalibrationSource;
import dev.pare.sparsify.Pruning;
import dev.pare.sparsify.ReducedNetwork;
import java.util.List;
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
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Milliseconds a training step: batch assembly, forward and backward pass, loss, optimizer; {@code
 * p0.50} is the median. {@code mvn -q -pl executors -am test
 * -Dsurefire.failIfNoSpecifiedTests=false -Dtest=StepBenchmark#oneTask}, or {@code #twoTasks}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class StepBenchmark {
  private static final int EXAMPLES = 4096;

  /** Network and batch size. */
  @Param({
    "lenet-300-100/64",
    "lenet-300-100/256",
    "lenet-5/64",
    "normalized-cnn/64",
    "resnet/64",
    "lstm/64",
    "attention/64"
  })
  String network = "";

  /**
   * What the step trains: free weights, or pruned and quantized ones, of which a twentieth are not
   * zero, under distillation.
   */
  @Param({"plain", "masked", "codebook", "uniform"})
  String variables = "";

  private Engine engine;
  private Adam adam;
  private TrainableParameters trained;
  private Engine.LogitLoss loss;
  private Examples examples;
  private BatchOrder order;
  private int[] indices;
  private Batch inputs;
  private float[] gradient;
  private float[] logits;
  private int batch;

  /** Makes the step. */
  @Setup
  public void prepare() {
    String[] parts = network.split("/");
    batch = Integer.parseInt(parts[1]);
    Architecture architecture =
        switch (parts[0]) {
          case "lenet-300-100" -> named(NamedArchitecture.Name.LENET_300_100);
          case "lenet-5" -> named(NamedArchitecture.Name.LENET_5);
          case "resnet" -> named(NamedArchitecture.Name.RESNET);
          case "lstm" -> named(NamedArchitecture.Name.LSTM);
          case "attention" -> named(NamedArchitecture.Name.ATTENTION);
          case "normalized-cnn" -> normalizedCnn();
          default -> throw new IllegalArgumentException(network);
        };
    Network start = Initialization.random(architecture, 1);
    examples = new RandomExamples(EXAMPLES, architecture.input().size(), architecture.outputs());
    indices = new int[batch];
    inputs = new Batch(examples.features(), 0);
    logits = new float[batch * architecture.outputs()];
    gradient = new float[architecture.parameters()];
    engine = Engines.of(architecture, batch);
    order = new BatchOrder(EXAMPLES, EXAMPLES, 1);
    trained = variables(start);
    adam = new Adam(trained.values().length, 0, 0);
    loss = loss(architecture).on(indices);
    order.next(indices);
    inputs.load(examples, indices, batch);
  }

  private static Architecture named(NamedArchitecture.Name name) {
    return NamedArchitecture.of(name).resolve(new InputShape(1, 28, 28, 255), 10);
  }

  private static Architecture normalizedCnn() {
    return new Architecture(
        new InputShape(3, 32, 32, 255),
        List.of(
            new Convolution(16, 3, 1, Activation.IDENTITY),
            new BatchNormalization(1e-5f, Activation.RELU),
            new Pooling(Pooling.Pool.MAX, 2, 2),
            new Convolution(32, 3, 1, Activation.IDENTITY),
            new BatchNormalization(1e-5f, Activation.RELU),
            new Pooling(Pooling.Pool.MAX, 2, 2),
            new Convolution(64, 3, 1, Activation.IDENTITY),
            new BatchNormalization(1e-5f, Activation.RELU),
            new Dense(10, Activation.SOFTMAX)));
  }

  private TrainableParameters variables(Network start) {
    MaskedWeights weights = new MaskedWeights(start);
    if (variables.equals("plain")) {
      return weights;
    }
    Training none = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);
    Prune prune =
        new Prune(
            0.95,
            null,
            Prune.Saliency.MAGNITUDE,
            Prune.Scope.GLOBAL,
            Prune.Schedule.ONE_SHOT,
            0,
            none);
    new Pruning(
            prune,
            ReducedNetwork.none(start),
            weights,
            new CalibrationSource(
                MemoryExamples.of(new float[1], 1, new int[1], 1), start.architecture(), 0))
        .prune();
    return switch (variables) {
      case "masked" -> weights;
      case "codebook" -> new CodebookWeights(weights.network(), 4);
      case "uniform" -> new UniformWeights(weights.network(), 4, UniformWeights.Sharing.TENSOR);
      default -> throw new IllegalArgumentException(variables);
    };
  }

  private DistillationLoss loss(Architecture architecture) {
    if (variables.equals("plain")) {
      return DistillationLoss.ofLabels(examples, 0);
    }
    float[] teacher = new float[EXAMPLES * architecture.outputs()];
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < teacher.length; i++) {
      teacher[i] = (float) (8 * random.nextDouble());
    }
    return DistillationLoss.ofTeacher(examples, teacher, 4, 0.7);
  }

  /** A whole step over a batch that is there: forward, loss, backward, update. */
  @Benchmark
  public double stepWithoutAssembly() {
    engine.setLive(trained.liveParameters());
    double value = engine.gradient(trained.parameters(), inputs, loss, gradient);
    adam.step(trained, trained.pullBack(gradient), 1e-3);
    return value;
  }

  /** A whole step, the assembly of its batch included. */
  @Benchmark
  public double step() {
    int count = order.next(indices);
    inputs.load(examples, indices, count);
    engine.setLive(trained.liveParameters());
    double value = engine.gradient(trained.parameters(), inputs, loss, gradient);
    adam.step(trained, trained.pullBack(gradient), 1e-3);
    return value;
  }

  /** The forward pass alone, over a batch that is there. */
  @Benchmark
  public float forward() {
    engine.forward(trained.parameters(), inputs, logits);
    return logits[0];
  }

  @Test
  void oneTask() throws RunnerException {
    new Runner(options().build()).run();
  }

  /** Two at once: each should take hardly longer than one alone. */
  @Test
  void twoTasks() throws RunnerException {
    new Runner(options().threads(2).param("variables", "plain").build()).run();
  }

  private static ChainedOptionsBuilder options() {
    return new OptionsBuilder().include(StepBenchmark.class.getName());
  }
}
