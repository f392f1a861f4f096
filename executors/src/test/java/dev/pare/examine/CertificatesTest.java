package dev.pare.examine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.ExampleShape;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.TestSeed;
import dev.pare.evaluate.Evaluator;
import dev.pare.examine.Certificates.Method;
import dev.pare.examine.ReluNetwork.Kind;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.Window;
import dev.pare.train.InputSpace;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CertificatesTest {
  private static final int EXAMPLES = 40;
  private static final InputShape IMAGE = new InputShape(2, 6, 5, 2);

  private final SplittableRandom random = TestSeed.random();

  static Stream<List<Layer>> networks() {
    Window padded = new Window(3, 2, 1, 1, 1);
    return Stream.of(
        List.of(new Dense(12, Activation.RELU), new Dense(3, Activation.SOFTMAX)),
        List.of(
            new Dense(10, Activation.RELU),
            new Dense(8, Activation.RELU),
            new Dense(3, Activation.IDENTITY)),
        List.of(
            new Convolution(4, 3, 1, 1, Activation.RELU),
            new Pooling(Pooling.Pool.MAX, 2, 2),
            new Convolution(6, 2, 1, Activation.RELU),
            new Dense(3, Activation.SOFTMAX)),
        List.of(
            new Convolution(4, 2, padded, padded, Activation.IDENTITY),
            new BatchNormalization(1e-3f, Activation.RELU),
            new Pooling(Pooling.Pool.AVERAGE, 2, 1),
            new Dense(3, Activation.SOFTMAX)));
  }

  private Network network(List<Layer> layers) {
    Architecture architecture = new Architecture(IMAGE, layers);
    float[] parameters = Initialization.random(architecture, random.nextLong()).parameters();
    for (ParameterTensor tensor : architecture.tensors()) {
      for (int i = tensor.offset(); i < tensor.end() && !tensor.isWeight(); i++) {
        parameters[i] += (float) (0.2 * random.nextDouble());
      }
    }
    return new Network(architecture, parameters);
  }

  /** Labelled as the network answers, so that there is something to prove. */
  private Examples examples(Network network) {
    float[] values = new float[EXAMPLES * IMAGE.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Examples unlabelled = MemoryExamples.of(values, IMAGE.size(), new int[EXAMPLES], 3);
    int[] labels = Evaluator.answers(Evaluator.logits(network, unlabelled), EXAMPLES);
    return MemoryExamples.of(values, IMAGE.size(), labels, 3);
  }

  private static IntStream labels(Examples examples) {
    return IntStream.range(0, examples.size()).map(examples::label);
  }

  private static InputSpace space(Examples examples) {
    return InputSpace.of(new ExampleShape(2, 6, 5), examples);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void noCertifiedExampleIsBrokenByAnyAttack(List<Layer> layers) {
    Network network;
    Examples examples;
    do {
      // One that always answers the same cannot be broken.
      network = network(layers);
      examples = examples(network);
    } while (labels(examples).distinct().count() == 1);
    InputSpace space = space(examples);
    ReluNetwork relu = ReluNetwork.of(network).orElseThrow();
    int proven = 0;
    int broken = 0;
    for (double radius : new double[] {0.001, 0.01, 0.1, 1}) {
      Certificates certificates = new Certificates(examples, space, List.of(radius));
      Map<String, boolean[]> attacks =
          new Attacks(examples, space, List.of(radius), 1).broken(network, radius);
      for (int i = 0; i < EXAMPLES; i++) {
        boolean certified = certificates.isCertified(relu, i, radius, Method.LINEAR);
        boolean simply = certificates.isCertified(relu, i, radius, Method.INTERVALS);
        for (boolean[] attack : attacks.values()) {
          assertThat(attack[i] && (certified || simply)).as("example %s", i).isFalse();
          broken += attack[i] ? 1 : 0;
        }
        proven += certified ? 1 : 0;
      }
    }
    // Neither side is empty: how many they are is up to the random network.
    assertThat(proven).isGreaterThan(EXAMPLES / 4);
    assertThat(broken).isPositive();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void outputsOfInputsInABoxAreWithinItsBounds(List<Layer> layers) {
    Network network = network(layers);
    Examples centre = examples(network);
    InputSpace space = space(centre);
    ReluNetwork relu = ReluNetwork.of(network).orElseThrow();
    float[] x = new float[IMAGE.size()];
    float[] low = new float[x.length];
    float[] high = new float[x.length];
    for (double radius : new double[] {0, 1e-7, 0.02, 0.3}) {
      for (int i = 0; i < 10; i++) {
        centre.copyFeatures(i, x, 0);
        space.ball(x, 0, radius, low, high);
        float[] values = new float[100 * x.length];
        for (int v = 0; v < values.length; v++) {
          int f = v % x.length;
          double share = random.nextInt(3) == 0 ? random.nextDouble() : random.nextInt(2);
          values[v] =
              Math.max(low[f], Math.min(high[f], (float) (low[f] + share * (high[f] - low[f]))));
        }
        float[] logits =
            Evaluator.logits(network, MemoryExamples.of(values, x.length, new int[100], 3));
        Intervals intervals = new Intervals(relu.scale(), low, high);
        relu.stages().forEach(intervals::step);
        int steps = relu.stages().size();
        LinearBounds bounds = new LinearBounds(relu.stages(), intervals);
        double margin = bounds.least(new double[] {1, -1, 0}, steps);
        for (int n = 0; n < 100; n++) {
          for (int c = 0; c < 3; c++) {
            assertThat((double) logits[3 * n + c])
                .isBetween(intervals.low(steps)[c], intervals.high(steps)[c]);
          }
          assertThat((double) logits[3 * n] - logits[3 * n + 1]).isGreaterThanOrEqualTo(margin);
        }
      }
    }
  }

  @Test
  void boundsOfALinearNetworkAreExactUpToRounding() {
    // 2a − b and a + 3b over a in [1, 2], b in [−1, 1]: least 1 and −2, most 5 and 5; the first
    // less
    // the second is a − 4b, at least −3.
    ReluNetwork relu =
        ReluNetwork.of(
                new Network(
                    new Architecture(
                        new InputShape(2, 1, 1, 1), List.of(new Dense(2, Activation.IDENTITY))),
                    new float[] {2, -1, 1, 3, 0, 0}))
            .orElseThrow();
    Intervals intervals = new Intervals(1, new float[] {1, -1}, new float[] {2, 1});
    intervals.step(relu.stages().get(0));
    assertThat(intervals.low(1)).containsExactly(new double[] {1, -2}, within(1e-5));
    assertThat(intervals.high(1)).containsExactly(new double[] {5, 5}, within(1e-5));
    assertThat(intervals.low(1)[0]).isLessThan(1);
    double least = new LinearBounds(relu.stages(), intervals).least(new double[] {1, -1}, 1);
    assertThat(least).isCloseTo(-3, within(1e-5)).isLessThan(-3);
  }

  @Test
  void linearRelaxationIsThatOfThePaper() {
    // relu(x) + relu(−x) + 1 over x in [−1, 2], by hand. Most of relu(x): the line 2/3 (x + 1), of
    // relu(−x): 1/3 (2 − x); their sum (x + 4)/3 is at most 2, and with 1: 3. Least:
    // slope 1 for the first, as 2 > 1, and 0 for the second: x, at least −1, and with 1: 0.
    ReluNetwork relu =
        ReluNetwork.of(
                new Network(
                    new Architecture(
                        new InputShape(1, 1, 1, 1),
                        List.of(new Dense(2, Activation.RELU), new Dense(1, Activation.IDENTITY))),
                    new float[] {1, -1, 0, 0, 1, 1, 1}))
            .orElseThrow();
    Intervals intervals = new Intervals(1, new float[] {-1}, new float[] {2});
    relu.stages().forEach(intervals::step);
    LinearBounds bounds = new LinearBounds(relu.stages(), intervals);
    assertThat(bounds.least(new double[] {1}, 3)).isCloseTo(0, within(1e-5));
    assertThat(-bounds.least(new double[] {-1}, 3)).isCloseTo(3, within(1e-5));
    assertThat(intervals.high(3)[0]).isCloseTo(4, within(1e-5));
  }

  @Test
  void whatIsNoChainOfSuchLayersIsNotProven() {
    Network other =
        network(List.of(new Dense(4, Activation.TANH), new Dense(3, Activation.SOFTMAX)));
    assertThat(ReluNetwork.of(other)).isEmpty();
    Examples examples = examples(other);
    Certificates certificates = new Certificates(examples, space(examples), List.of(0.1));
    List<Object> row =
        certificates.findings(certificates.of(other), certificates.of(other)).get(0).rows().get(0);
    assertThat(row.get(3)).isEqualTo(Double.NaN);
  }

  @Test
  void stepsAreThoseOfTheNetwork() {
    Network network = network(networks().skip(2).findFirst().orElseThrow());
    assertThat(ReluNetwork.of(network).orElseThrow().stages())
        .extracting(ReluNetwork.Stage::kind)
        .containsExactly(Kind.LINEAR, Kind.RELU, Kind.MAXIMUM, Kind.LINEAR, Kind.RELU, Kind.LINEAR);
  }

  @Test
  void ofNetworksOfVeryManyMultiplicationsNothingIsProven() {
    // 16 · 598 · 598 · 9 are 51 millions, though there are 194 parameters.
    Architecture architecture =
        new Architecture(
            new InputShape(1, 600, 600, 1),
            List.of(
                new Convolution(16, 3, 1, Activation.RELU),
                new Pooling(Pooling.Pool.MAX, 598, 598),
                new Dense(2, Activation.SOFTMAX)));
    assertThat(ReluNetwork.of(Initialization.random(architecture, 1))).isEmpty();
  }

  @Test
  void linearRelaxationIsLeftOutWhereManyClassesTakeTooLong() {
    // About a million multiplications for each of 199 other classes.
    Architecture architecture =
        new Architecture(
            IMAGE,
            List.of(
                new Dense(4000, Activation.RELU),
                new Dense(200, Activation.RELU),
                new Dense(200, Activation.SOFTMAX)));
    float[] parameters = Initialization.random(architecture, 1).parameters().clone();
    // The first of the last biases: its class is sure.
    parameters[parameters.length - 200] = 100;
    Network network = new Network(architecture, parameters);
    Examples examples = MemoryExamples.of(new float[3 * 60], 60, new int[3], 200);
    Certificates certificates = new Certificates(examples, space(examples), List.of(0.01));
    ReluNetwork relu = ReluNetwork.of(network).orElseThrow();
    assertThat(certificates.isCertified(relu, 0, 0.01, Method.INTERVALS)).isTrue();
    assertThat(certificates.isCertified(relu, 0, 0.01, Method.LINEAR)).isFalse();
    assertThat(certificates.of(network)).containsExactly(new Certificates.Result(3, 3));
  }

  @Test
  void sumsThatMayOverflowHaveNoBounds() {
    // 3e38 · 2 is beyond the largest float, and infinity less infinity no number.
    SparseRows rows = new SparseRows(1, 2);
    rows.add(0, 3e38f);
    rows.add(1, -3e38f);
    rows.end(0);
    Intervals intervals = new Intervals(1, new float[] {2, 2}, new float[] {2, 2});
    intervals.step(new ReluNetwork.Stage(Kind.LINEAR, 2, rows));
    assertThat(intervals.low(1)).containsExactly(Double.NEGATIVE_INFINITY);
    assertThat(intervals.high(1)).containsExactly(Double.POSITIVE_INFINITY);
  }

  @Test
  void ofWhatMayBeNoNumberNothingIsProven() {
    ReluNetwork relu =
        ReluNetwork.of(
                new Network(
                    new Architecture(
                        new InputShape(1, 1, 1, 1),
                        List.of(new Dense(1, Activation.RELU), new Dense(1, Activation.IDENTITY))),
                    new float[] {Float.NaN, 0, 1, 5}))
            .orElseThrow();
    Intervals intervals = new Intervals(1, new float[] {-1}, new float[] {1});
    relu.stages().forEach(intervals::step);
    assertThat(new LinearBounds(relu.stages(), intervals).least(new double[] {1}, 3))
        .isEqualTo(Double.NEGATIVE_INFINITY);
  }
}
