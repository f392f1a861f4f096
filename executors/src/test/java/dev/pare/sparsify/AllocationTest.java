package dev.pare.sparsify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Calibration;
import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Training;
import dev.pare.data.MemoryExamples;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.Parameter;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.Shape;
import dev.pare.train.MaskedWeights;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AllocationTest {
  private static final Training NONE = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);
  private static final Prune PLAIN =
      new Prune(
          0.8, null, Prune.Saliency.MAGNITUDE, Prune.Scope.LAYER, Prune.Schedule.ONE_SHOT, 0, NONE);
  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(1, 12, 12, 1),
          List.of(
              new Convolution(6, 3, 1, Activation.RELU),
              new Pooling(Pooling.Pool.MAX, 2, 2),
              new Dense(30, Activation.RELU),
              new Dense(4, Activation.SOFTMAX)));

  private static long[] zeros(Prune settings) {
    return zeros(settings, ARCHITECTURE);
  }

  private static long[] zeros(Prune settings, Architecture architecture) {
    Network network = Initialization.random(architecture, 3);
    int inputs = architecture.input().size();
    MaskedWeights weights = new MaskedWeights(network);
    new Pruning(
            settings,
            ReducedNetwork.none(network),
            weights,
            new CalibrationSource(
                MemoryExamples.clusters(60, inputs, 4, new SplittableRandom(1)), architecture, 1))
        .prune();
    return architecture.tensors().stream()
        .filter(t -> t.isWeight())
        .mapToLong(t -> IntStream.range(t.offset(), t.end()).filter(weights::isPruned).count())
        .toArray();
  }

  private static long[] sizes() {
    return ARCHITECTURE.tensors().stream()
        .filter(t -> t.isWeight())
        .mapToLong(ParameterTensor::size)
        .toArray();
  }

  @Test
  void layersMayHaveTheirOwnShares() {
    assertThat(zeros(PLAIN.but().layerSparsity(List.of(0.5, 0.9, 0.25)).build()))
        .containsExactly(27, Math.round(0.9 * 4500), 30);
  }

  @Test
  void erdosAndRenyiGiveDensitiesInProportionToSidesOverWeights() {
    Prune settings = PLAIN.but().scope(Prune.Scope.ERDOS_RENYI_KERNEL).sparsity(0.95).build();
    long[] zeros = zeros(settings);
    long[] sizes = sizes();
    assertThat(LongSum.of(zeros)).isEqualTo(Math.round(0.95 * LongSum.of(sizes)));
    // Densities: min(1, ε·raw), with ε by bisection.
    double[] raw = {(6 + 1 + 3 + 3) / 54.0, (30 + 150) / 4500.0, (4 + 30) / 120.0};
    double low = 0;
    double high = 1000;
    for (int i = 0; i < 200; i++) {
      double scale = (low + high) / 2;
      double kept = 0;
      for (int t = 0; t < 3; t++) {
        kept += Math.min(1, scale * raw[t]) * sizes[t];
      }
      if (kept > 0.05 * LongSum.of(sizes)) {
        high = scale;
      } else {
        low = scale;
      }
    }
    for (int t = 0; t < 3; t++) {
      assertThat((double) zeros[t])
          .isCloseTo(sizes[t] * (1 - Math.min(1, low * raw[t])), within(1.0));
    }
  }

  @Test
  void sensitivityTakesWhereTheLossRisesLeast() {
    Sensitivity sensitivity =
        new Sensitivity(
            List.of(
                curve("0_W", 0, 0.1, 2),
                curve("1_W", 0, 1, 1.1),
                // Falls at first, and is not convex.
                curve("2_W", 0, -0.2, 4)));
    long[] totals = {100, 300, 50};
    for (double sparsity : new double[] {0, 0.05, 0.3, 0.5, 0.77, 0.95, 1}) {
      double[] shares = sensitivity.allocate(sparsity, totals);
      double sum = 0;
      for (int t = 0; t < 3; t++) {
        assertThat(shares[t]).isBetween(0.0, 1 + 1e-12);
        sum += shares[t] * totals[t];
      }
      assertThat(sum).isCloseTo(sparsity * 450, within(1e-9));
      double cost = cost(shares);
      // No other allocation on a grid of the same total is cheaper.
      for (double a = 0; a <= 1; a += 0.01) {
        for (double c = 0; c <= 1; c += 0.01) {
          double b = (sparsity * 450 - a * 100 - c * 50) / 300;
          if (b >= 0 && b <= 1) {
            assertThat(cost(new double[] {a, b, c})).isGreaterThan(cost - 1e-9);
          }
        }
      }
    }
  }

  private static Sensitivity.Layer curve(String name, double none, double half, double all) {
    return new Sensitivity.Layer(
        name,
        List.of(
            new Sensitivity.Point(0, none, 1),
            new Sensitivity.Point(0.5, half, 1),
            new Sensitivity.Point(1, all, 0)));
  }

  /** The three curves' convex versions. */
  private static double cost(double[] s) {
    double first = s[0] < 0.5 ? 0.2 * s[0] : 0.1 + 3.8 * (s[0] - 0.5);
    double second = 1.1 * s[1];
    double third = s[2] < 0.5 ? -0.4 * s[2] : -0.2 + 8.4 * (s[2] - 0.5);
    return first + second + third;
  }

  @Test
  void aScanTriesEachLayerAlone() {
    Network network = Initialization.random(ARCHITECTURE, 3);
    Sensitivity scan =
        Pruning.sensitivity(
            PLAIN,
            ReducedNetwork.none(network),
            new CalibrationSource(
                MemoryExamples.clusters(60, 144, 4, new SplittableRandom(1)), ARCHITECTURE, 1));
    assertThat(scan.layers())
        .extracting(Sensitivity.Layer::name)
        .containsExactly("0_W", "2_W", "3_W");
    for (Sensitivity.Layer layer : scan.layers()) {
      assertThat(layer.points())
          .extracting(Sensitivity.Point::sparsity)
          .isEqualTo(Sensitivity.LEVELS);
      assertThat(layer.points().get(0)).isEqualTo(scan.layers().get(0).points().get(0));
    }
    // Without weights the output is its biases, which are equal.
    assertThat(scan.layers().get(2).points().get(9).loss()).isCloseTo(Math.log(4), within(1e-6));
    assertThat(LongSum.of(zeros(PLAIN.but().scope(Prune.Scope.SENSITIVITY).sparsity(0.7).build())))
        .isEqualTo(Math.round(0.7 * LongSum.of(sizes())));
  }

  @Test
  void saysWhichSettingsDoNotFitTheNetwork() {
    assertThatThrownBy(() -> zeros(PLAIN.but().layerSparsity(List.of(0.5)).build()))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessage("layer-sparsity = [0.5]: has 1 shares, the network 3 layers with weights");
    Architecture single =
        new Architecture(new InputShape(4, 1, 1, 1), List.of(new Dense(2, Activation.SOFTMAX)));
    assertThatThrownBy(
            () -> PruningChecks.check(PLAIN.but().granularity(Granularity.UNIT).build(), single))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageStartingWith(
            "granularity = unit: the network has no hidden units that can be removed");
    Architecture wide =
        new Architecture(
            new InputShape(9000, 1, 1, 1),
            List.of(new Dense(1000, Activation.RELU), new Dense(2, Activation.SOFTMAX)));
    assertThatThrownBy(
            () ->
                PruningChecks.check(
                    PLAIN.but().saliency(Prune.Saliency.RECONSTRUCTION).build(), wide))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageContaining("a unit of 0_W has 9000 weights, at most 8192");
    assertThatThrownBy(
            () ->
                PruningChecks.check(
                    PLAIN
                        .but()
                        .saliency(Prune.Saliency.SURGEON)
                        .calibration(new Calibration(10, 512, 0.1))
                        .build(),
                    wide))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageContaining("block = 512");
    Architecture stock =
        new Architecture(
            new InputShape(4, 1, 1, 1),
            List.of(
                new Dl4jLayer(
                    """
                    {"@class":"org.deeplearning4j.nn.conf.layers.AutoEncoder","nin":4,"nout":3,
                    "activationFn":{"@class":"org.nd4j.linalg.activations.impl.ActivationELU"}}
                    """,
                    new Shape(3, 1, 1),
                    List.of(
                        new Parameter("W", Role.WEIGHT, 3, 4),
                        new Parameter("b", Role.BIAS, 1, 3),
                        new Parameter("vb", Role.BIAS, 1, 4))),
                new Dense(2, Activation.SOFTMAX)));
    assertThatThrownBy(
            () -> PruningChecks.check(PLAIN.but().granularity(Granularity.UNIT).build(), stock))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageContaining("granularity = unit: the network has no hidden units")
        .hasMessageContaining("layers of DL4J");
    assertThatThrownBy(
            () ->
                PruningChecks.check(
                    PLAIN.but().saliency(Prune.Saliency.RECONSTRUCTION).build(), stock))
        .isInstanceOf(UnsupportedNetworkException.class)
        .hasMessageContaining("layer 0, DL4J layer");
  }

  private static final class LongSum {
    static long of(long[] values) {
      return java.util.Arrays.stream(values).sum();
    }
  }

  /** Of a network whose classes are channels, or that two layers make. */
  @Test
  void theOutputsShareIsThatOfAllThatMakeOutputs() {
    for (Prune.Scope scope :
        List.of(Prune.Scope.GLOBAL, Prune.Scope.LAYER, Prune.Scope.ERDOS_RENYI_KERNEL)) {
      Prune kept = PLAIN.but().scope(scope).outputSparsity(0.0).build();
      long[] channels = zeros(kept, OperatorSamples.endings().get(0));
      assertThat(channels[0]).isEqualTo(Math.round(0.8 * 54));
      assertThat(channels[1]).isZero();
      assertThat(zeros(kept, OperatorSamples.endings().get(3))).containsExactly(96, 0, 0);
    }
  }
}
