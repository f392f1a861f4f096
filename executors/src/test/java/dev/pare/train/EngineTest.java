package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Factored;
import dev.pare.graph.Gru;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.LayerNormalization;
import dev.pare.graph.Lstm;
import dev.pare.graph.Network;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.Pooling;
import dev.pare.graph.Positions;
import dev.pare.graph.Quantization;
import dev.pare.graph.ReferenceNetwork;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shortcut;
import dev.pare.graph.SparseActivation;
import dev.pare.graph.Window;
import dev.pare.layers.Batch;
import dev.pare.model.Dl4jNetworks;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

public class EngineTest {
  private static final long SEED = Long.getLong("test.seed", 11);
  private static final int BATCH = 3;

  /** Networks of every kind of layer that Pare runs itself. */
  public static Stream<Architecture> architectures() {
    return Stream.concat(OperatorSamples.all().stream(), chains());
  }

  private static Stream<Architecture> chains() {
    Layer output = new Dense(4, Activation.SOFTMAX);
    return Stream.of(
        OperatorSamples.quantized(),
        normalized(),
        padded(),
        residual(),
        sequential(),
        attentive(new SelfAttention(2)),
        attentive(new SelfAttention(3, 2)),
        attentive(new SelfAttention(1, 12)),
        attentive(new SelfAttention(3, 2, SelfAttention.Biases.TRAINED)),
        attentive(new SelfAttention(2, 0, SelfAttention.Biases.TRAINED)),
        sparse(),
        sparseResidual(),
        rectangular(),
        new Architecture(new InputShape(1, 2, 3, 5), List.of(output)),
        factored(),
        factoredSequence(),
        factoredAttention(),
        new Architecture(
            new InputShape(1, 8, 8, 1),
            List.of(
                new Dense(5, Activation.TANH),
                new Dense(6, Activation.IDENTITY),
                Shortcut.from(0, Activation.SIGMOID),
                new Dense(6, Activation.TANH),
                Shortcut.from(0, Activation.IDENTITY),
                output)),
        new Architecture(new InputShape(2, 4, 3, 2), List.of(new Lstm(4, Lstm.Steps.LAST), output)),
        new Architecture(new InputShape(2, 1, 5, 2), List.of(new Lstm(3, Lstm.Steps.ALL), output)),
        new Architecture(new InputShape(7, 1, 1, 1), List.of(output)),
        // A map narrower than the padding.
        new Architecture(
            new InputShape(2, 5, 1, 1),
            List.of(new Convolution(3, 5, 1, 2, Activation.TANH), output)),
        new Architecture(
            new InputShape(1, 4, 2, 1),
            List.of(new Convolution(2, 7, 1, 3, Activation.TANH), output)),
        new Architecture(
            new InputShape(1, 5, 5, 4),
            List.of(new Dense(6, Activation.RELU), new Dense(5, Activation.TANH), output)),
        new Architecture(
            new InputShape(2, 9, 8, 2),
            List.of(
                new Convolution(3, 3, 1, Activation.IDENTITY),
                new Pooling(Pooling.Pool.MAX, 2, 2),
                new Convolution(4, 2, 1, Activation.SIGMOID),
                new Dense(6, Activation.RELU),
                output)),
        new Architecture(
            new InputShape(1, 8, 8, 1),
            List.of(
                new Convolution(3, 3, 2, Activation.RELU),
                new Pooling(Pooling.Pool.AVERAGE, 2, 1),
                output)));
  }

  static Stream<Arguments> engines() {
    return architectures()
        // The gradient of a quantization is documented, not a derivative.
        .filter(
            architecture ->
                architecture.layers().stream().noneMatch(Quantization.class::isInstance))
        .flatMap(
            architecture ->
                Engines.names().stream()
                    .map(Engines::kind)
                    .filter(kind -> kind.runs(architecture))
                    .map(kind -> Arguments.of(architecture, kind.open(architecture, BATCH + 2))));
  }

  @Test
  void aKindOfOnesOwnIsAClassAndALine() {
    assertThat(Engines.names()).containsExactly("passes", "dl4j", "toy");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Engines.kind("warp"))
        .withMessage("engine = warp: must be one of passes, dl4j, toy");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void logitsAreThoseOfThePlainReference(Architecture architecture, Engine engine) {
    float[] parameters = parameters(architecture);
    float[] inputs = inputs(architecture);
    float[] logits = new float[BATCH * architecture.outputs()];
    try (engine) {
      engine.forward(parameters, Batch.of(inputs, BATCH), logits);
    }
    for (int b = 0; b < BATCH; b++) {
      double[] expected =
          ReferenceNetwork.logits(
              architecture, widen(parameters), example(architecture, inputs, b));
      for (int c = 0; c < expected.length; c++) {
        assertThat((double) logits[b * expected.length + c]).isCloseTo(expected[c], within(1e-5));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void gradientsAreCentralDifferences(Architecture architecture, Engine engine) {
    float[] parameters = parameters(architecture);
    float[] inputs = inputs(architecture);
    SplittableRandom random = new SplittableRandom(SEED + 2);
    double[] weights = new double[BATCH * architecture.outputs()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextDouble() - 0.5;
    }
    float[] gradient = new float[parameters.length];
    try (engine) {
      // The loss Σ weight·logit² / 2.
      engine.gradient(
          parameters,
          Batch.of(inputs, BATCH),
          (logits, batch, logitGradient) -> {
            for (int i = 0; i < weights.length; i++) {
              logitGradient[i] = (float) (weights[i] * logits[i]);
            }
            return 0;
          },
          gradient);
    }
    double[] precise = widen(parameters);
    for (int i = 0; i < precise.length; i++) {
      if (isStatistic(architecture, i)) {
        continue;
      }
      double step = 1e-5;
      double kept = precise[i];
      precise[i] = kept + step;
      double above = loss(architecture, precise, inputs, weights);
      precise[i] = kept - step;
      double below = loss(architecture, precise, inputs, weights);
      precise[i] = kept;
      assertThat((double) gradient[i])
          .as("parameter %d of %s, seed %d", i, architecture, SEED)
          .isCloseTo((above - below) / (2 * step), within(2e-5));
    }
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void aSmallerBatchAfterALargerOneIsNoOther(Architecture architecture) {
    float[] parameters = parameters(architecture);
    float[] inputs = inputs(architecture);
    Engine.LogitLoss squares =
        (logits, batch, gradient) -> {
          System.arraycopy(logits, 0, gradient, 0, batch * architecture.outputs());
          return 0;
        };
    float[] fresh = new float[parameters.length];
    float[] used = new float[parameters.length];
    try (Engine first = Engines.kind("passes").open(architecture, BATCH);
        Engine second = Engines.kind("passes").open(architecture, BATCH + 1)) {
      first.gradient(parameters, Batch.of(inputs, BATCH - 1), squares, fresh);
      second.gradient(parameters, Batch.of(inputs, BATCH), squares, used);
      second.gradient(parameters, Batch.of(inputs, BATCH - 1), squares, used);
    }
    assertThat(used).containsExactly(fresh);
  }

  static Stream<org.deeplearning4j.nn.conf.layers.Layer> stockLayers() {
    return Stream.of(
        new ConvolutionLayer.Builder(2, 3).dilation(2, 1).nOut(4).build(),
        // To a single pixel, which could be taken for a vector.
        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.PNORM)
            .pnorm(2)
            .kernelSize(4, 3)
            .build());
  }

  @ParameterizedTest
  @MethodSource("stockLayers")
  void stockLayersBetweenOwnOnesHaveDl4jsGradient(
      org.deeplearning4j.nn.conf.layers.Layer stockLayer) {
    MultiLayerNetwork dl4j =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .list(
                    new ConvolutionLayer.Builder(3, 3).nOut(3).build(),
                    new ConvolutionLayer.Builder(2, 2).nOut(2).build(),
                    stockLayer,
                    new OutputLayer.Builder()
                        .nOut(4)
                        .activation(org.nd4j.linalg.activations.Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutionalFlat(7, 6, 2))
                .build());
    dl4j.init();
    Network network = Dl4jNetworks.fromDl4j(dl4j, new InputShape(2, 7, 6, 1));
    Architecture architecture = network.architecture();
    assertThat(architecture.layers()).hasAtLeastOneElementOfType(Dl4jLayer.class);
    float[] inputs = inputs(architecture);
    Engine.LogitLoss squares =
        (logits, batch, gradient) -> {
          System.arraycopy(logits, 0, gradient, 0, batch * 4);
          return 0;
        };
    float[] own = new float[architecture.parameters()];
    float[] stock = new float[own.length];
    try (Engine fused = Engines.kind("passes").open(architecture, BATCH);
        Engine reference = Engines.kind("dl4j").open(architecture, BATCH)) {
      fused.gradient(network.parameters(), Batch.of(inputs, BATCH), squares, own);
      reference.gradient(network.parameters(), Batch.of(inputs, BATCH), squares, stock);
    }
    assertThat(own).containsExactly(stock, within(1e-4f));
  }

  private static boolean isStatistic(Architecture architecture, int parameter) {
    return architecture.tensors().stream()
        .filter(tensor -> tensor.role() == Role.MEAN || tensor.role() == Role.VARIANCE)
        .anyMatch(tensor -> parameter >= tensor.offset() && parameter < tensor.end());
  }

  @Test
  void runningStatisticsMoveAsInDl4j() {
    Architecture architecture = normalized();
    float[] parameters = parameters(architecture);
    float[] inputs = inputs(architecture);
    float[] own = new float[parameters.length];
    float[] stock = new float[parameters.length];
    Engine.LogitLoss none = (logits, batch, gradient) -> 0;
    try (Engine fused = Engines.kind("passes").open(architecture, BATCH);
        Engine dl4j = Engines.kind("dl4j").open(architecture, BATCH)) {
      fused.gradient(parameters, Batch.of(inputs, BATCH), none, own);
      dl4j.gradient(parameters, Batch.of(inputs, BATCH), none, stock);
    }
    for (int i = 0; i < own.length; i++) {
      if (isStatistic(architecture, i)) {
        assertThat(own[i]).as("parameter %d", i).isCloseTo(stock[i], within(1e-5f));
        assertThat(own[i]).isNotZero();
      }
    }
  }

  private static Architecture normalized() {
    return new Architecture(
        new InputShape(2, 7, 6, 1),
        List.of(
            new Convolution(3, 2, 1, Activation.IDENTITY),
            new BatchNormalization(1e-5f, Activation.RELU),
            new Pooling(Pooling.Pool.MAX, 2, 2),
            new Dense(6, Activation.IDENTITY),
            new BatchNormalization(1e-3f, Activation.TANH),
            new Dense(4, Activation.SOFTMAX)));
  }

  private static Architecture padded() {
    return new Architecture(
        new InputShape(2, 5, 6, 1),
        List.of(
            new Convolution(3, 3, 1, 1, Activation.TANH),
            new Convolution(2, 3, 2, 2, Activation.RELU),
            new Convolution(4, 1, 1, Activation.SIGMOID),
            new Convolution(3, 5, 3, 4, Activation.IDENTITY),
            new Dense(4, Activation.SOFTMAX)));
  }

  /** Shortcuts across normalization and pooling, with the image halved and channels added. */
  private static Architecture residual() {
    return new Architecture(
        new InputShape(1, 8, 6, 1),
        List.of(
            new Convolution(2, 3, 1, 1, Activation.TANH),
            new Convolution(2, 3, 1, 1, Activation.IDENTITY),
            new BatchNormalization(1e-2f, Activation.IDENTITY),
            Shortcut.from(0, Activation.TANH),
            new Pooling(Pooling.Pool.MAX, 2, 2),
            new Convolution(3, 1, 1, Activation.IDENTITY),
            Shortcut.from(0, Activation.IDENTITY),
            new Convolution(3, 3, 2, 1, Activation.IDENTITY),
            Shortcut.from(3, Activation.SIGMOID),
            new Dense(4, Activation.SOFTMAX)));
  }

  private static Architecture rectangular() {
    return new Architecture(
        new InputShape(2, 6, 7, 1),
        List.of(
            new Convolution(3, new Window(3, 1, 1), new Window(1, 1, 0), Activation.TANH),
            new Convolution(2, new Window(1, 1, 0), new Window(4, 2, 2), Activation.IDENTITY),
            new Convolution(3, new Window(2, 2, 1), new Window(3, 1, 0), Activation.SIGMOID),
            new Dense(4, Activation.SOFTMAX)));
  }

  /** The first and the last layer, a pooled convolution and one that a shortcut starts from. */
  private static Architecture factored() {
    Factored.SparseResidual none = Factored.SparseResidual.NONE;
    Factored.SparseResidual sparse = Factored.SparseResidual.PRESENT;
    return new Architecture(
        new InputShape(1, 8, 6, 2),
        List.of(
            new Factored(new Convolution(4, 3, 1, 1, Activation.TANH), List.of(2), sparse),
            new Pooling(Pooling.Pool.MAX, 2, 2),
            new Factored(new Convolution(4, 1, 1, Activation.RELU), List.of(3), none),
            new Factored(new Convolution(4, 3, 1, 1, Activation.IDENTITY), List.of(1), none),
            Shortcut.from(1, Activation.TANH),
            new Factored(new Dense(5, Activation.SIGMOID), List.of(2), none),
            new Factored(new Dense(4, Activation.SOFTMAX), List.of(2), sparse)));
  }

  private static Architecture factoredSequence() {
    return new Architecture(
        new InputShape(1, 4, 3, 1),
        List.of(
            new Factored(new Lstm(5, Lstm.Steps.ALL), List.of(2, 3), Factored.SparseResidual.NONE),
            new Factored(
                new Lstm(4, Lstm.Steps.LAST), List.of(0, 2), Factored.SparseResidual.PRESENT),
            new Factored(
                new Gru(4, Lstm.Steps.ALL), List.of(1, 2), Factored.SparseResidual.PRESENT),
            new Dense(4, Activation.SOFTMAX)));
  }

  private static Architecture factoredAttention() {
    return new Architecture(
        new InputShape(4, 3, 2, 1),
        List.of(
            new Factored(new SelfAttention(2), List.of(2, 1, 0, 3), Factored.SparseResidual.NONE),
            new Factored(
                new SelfAttention(1, 3, SelfAttention.Biases.TRAINED),
                List.of(0, 0, 2, 1),
                Factored.SparseResidual.PRESENT),
            new Dense(4, Activation.SOFTMAX)));
  }

  private static Architecture sequential() {
    return new Architecture(
        new InputShape(1, 4, 3, 1),
        List.of(
            new Lstm(5, Lstm.Steps.ALL),
            new Lstm(4, Lstm.Steps.LAST),
            new Dense(4, Activation.TANH),
            new Dense(4, Activation.SOFTMAX)));
  }

  private static Architecture sparse() {
    return new Architecture(
        new InputShape(2, 9, 8, 2),
        List.of(
            new Convolution(3, 3, 1, Activation.IDENTITY),
            SparseActivation.threshold(0.1f),
            new Pooling(Pooling.Pool.MAX, 2, 2),
            new Convolution(4, 2, 1, Activation.TANH),
            SparseActivation.topK(7),
            new Dense(6, Activation.IDENTITY),
            SparseActivation.topK(2),
            new Dense(4, Activation.SOFTMAX)));
  }

  /** Sparse activations beside shortcuts and first of all, with winners that are not positive. */
  private static Architecture sparseResidual() {
    return new Architecture(
        new InputShape(1, 6, 5, 1),
        List.of(
            SparseActivation.threshold(0.2f),
            new Convolution(3, 3, 1, 1, Activation.IDENTITY),
            new BatchNormalization(1e-2f, Activation.IDENTITY),
            SparseActivation.topK(70),
            new Convolution(3, 3, 1, 1, Activation.IDENTITY),
            Shortcut.from(3, Activation.IDENTITY),
            SparseActivation.threshold(0),
            new Dense(4, Activation.SOFTMAX)));
  }

  private static Architecture attentive(SelfAttention attention) {
    return new Architecture(
        new InputShape(1, 6, 4, 1),
        List.of(
            new Convolution(10, 2, 2, Activation.IDENTITY),
            new Positions(),
            new LayerNormalization(1e-2f),
            attention,
            Shortcut.from(1, Activation.IDENTITY),
            new LayerNormalization(1e-3f),
            new Convolution(6, 1, 1, Activation.SIGMOID),
            new Convolution(10, 1, 1, Activation.IDENTITY),
            Shortcut.from(4, Activation.IDENTITY),
            new Pooling(Pooling.Pool.AVERAGE, 2, 1),
            new Dense(4, Activation.SOFTMAX)));
  }

  private static double loss(
      Architecture architecture, double[] parameters, float[] inputs, double[] weights) {
    double[][] examples = new double[BATCH][];
    for (int b = 0; b < BATCH; b++) {
      examples[b] = example(architecture, inputs, b);
    }
    double[][] all = ReferenceNetwork.trainingLogits(architecture, parameters, examples);
    double loss = 0;
    for (int b = 0; b < BATCH; b++) {
      double[] logits = all[b];
      for (int c = 0; c < logits.length; c++) {
        loss += weights[b * logits.length + c] * logits[c] * logits[c] / 2;
      }
    }
    return loss;
  }

  private static float[] parameters(Architecture architecture) {
    float[] parameters = Initialization.random(architecture, SEED).parameters();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += (float) (0.2 * random.nextDouble() - 0.1);
    }
    return parameters;
  }

  private static float[] inputs(Architecture architecture) {
    float[] inputs = new float[BATCH * architecture.input().size()];
    SplittableRandom random = new SplittableRandom(SEED + 1);
    double[] numbers = random.doubles(inputs.length).toArray();
    double[] values = OperatorSamples.input(architecture, numbers);
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) values[i];
    }
    return inputs;
  }

  private static double[] example(Architecture architecture, float[] inputs, int b) {
    int features = architecture.input().size();
    double[] example = new double[features];
    for (int i = 0; i < features; i++) {
      example[i] = inputs[b * features + i] / architecture.input().divisor();
    }
    return example;
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
