package dev.pare.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.SampleNetworks;
import dev.pare.artifact.SparseFloatTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.ReferenceNetwork;
import dev.pare.graph.Shortcut;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FoldedNormalizationTest {
  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(2, 6, 6, 4),
          List.of(
              new BatchNormalization(1e-3f, Activation.IDENTITY),
              new Convolution(5, 3, 1, Activation.IDENTITY),
              new BatchNormalization(1e-2f, Activation.RELU),
              new Pooling(Pooling.Pool.MAX, 2, 2),
              new BatchNormalization(1e-2f, Activation.IDENTITY),
              new Dense(7, Activation.IDENTITY),
              new BatchNormalization(1e-4f, Activation.TANH),
              new Dense(6, Activation.RELU),
              new BatchNormalization(1e-4f, Activation.IDENTITY),
              new Dense(3, Activation.SOFTMAX)));

  private static CompressedNetwork network(SplittableRandom random, double density) {
    return network(ARCHITECTURE, random, density);
  }

  private static CompressedNetwork network(
      Architecture architecture, SplittableRandom random, double density) {
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor place : architecture.tensors()) {
      float[] values = new float[place.size()];
      for (int i = 0; i < values.length; i++) {
        double u = 2 * random.nextDouble() - 1;
        boolean any = !place.isWeight() || random.nextDouble() < density;
        values[i] = any ? (float) (place.role() == Role.VARIANCE ? u * u + 0.01 : u) : 0;
      }
      tensors.add(
          place.isWeight() && density < 1
              ? SparseFloatTensor.of(place.rows(), place.columns(), values)
              : new FloatTensor(place.rows(), place.columns(), values));
    }
    return new CompressedNetwork(architecture, tensors);
  }

  @Test
  void shortcutsStillStartWhereTheyDid() {
    Architecture residual =
        new Architecture(
            new InputShape(2, 6, 6, 4),
            List.of(
                new Convolution(3, 3, 1, 1, Activation.IDENTITY),
                new BatchNormalization(1e-2f, Activation.RELU),
                new Convolution(3, 3, 1, 1, Activation.IDENTITY),
                new BatchNormalization(1e-2f, Activation.IDENTITY),
                Shortcut.from(1, Activation.TANH),
                Shortcut.from(2, Activation.RELU),
                Shortcut.from(4, Activation.IDENTITY),
                new Dense(3, Activation.SOFTMAX)));
    SplittableRandom random = RandomSeed.random("shortcuts");
    CompressedNetwork network = network(residual, random, 1);
    CompressedNetwork folded = FoldedNormalization.apply(network);
    assertThat(folded.architecture())
        .isEqualTo(
            new Architecture(
                residual.input(),
                List.of(
                    new Convolution(3, 3, 1, 1, Activation.RELU),
                    new Convolution(3, 3, 1, 1, Activation.IDENTITY),
                    new BatchNormalization(1e-2f, Activation.IDENTITY),
                    Shortcut.from(0, Activation.TANH),
                    Shortcut.from(1, Activation.RELU),
                    Shortcut.from(3, Activation.IDENTITY),
                    new Dense(3, Activation.SOFTMAX))));
    double[] input = random.doubles(72).map(x -> 8 * x - 4).toArray();
    double[] expected = logits(network, input);
    double[] actual = logits(folded, input);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-4 * (1 + Math.abs(expected[i]))));
    }
  }

  /** A dense layer that becomes the last one has the softmax. */
  @Test
  void logitsMayBeNormalized() {
    Dense hidden = new Dense(4, Activation.TANH);
    Architecture normalized =
        new Architecture(
            new InputShape(5, 1, 1, 1),
            List.of(
                hidden,
                new Dense(3, Activation.IDENTITY),
                new BatchNormalization(1e-2f, Activation.IDENTITY)));
    SplittableRandom random = RandomSeed.random("logits");
    CompressedNetwork network = network(normalized, random, 1);
    CompressedNetwork folded = FoldedNormalization.apply(network);
    assertThat(folded.architecture().layers())
        .containsExactly(hidden, new Dense(3, Activation.IDENTITY));
    double[] input = random.doubles(5).toArray();
    assertThat(logits(folded, input)).containsExactly(logits(network, input), within(1e-5));
  }

  @Test
  void theFunctionStaysAndOnlyWhatFollowsAWeightDirectlyGoes() {
    SplittableRandom random = RandomSeed.random("fold");
    for (double density : new double[] {0.3, 1}) {
      CompressedNetwork network = network(random, density);
      CompressedNetwork folded = FoldedNormalization.apply(network);
      assertThat(folded.architecture().layers())
          .containsExactly(
              new BatchNormalization(1e-3f, Activation.IDENTITY),
              new Convolution(5, 3, 1, Activation.RELU),
              new Pooling(Pooling.Pool.MAX, 2, 2),
              new BatchNormalization(1e-2f, Activation.IDENTITY),
              new Dense(7, Activation.TANH),
              new Dense(6, Activation.RELU),
              new BatchNormalization(1e-4f, Activation.IDENTITY),
              new Dense(3, Activation.SOFTMAX));
      assertThat(SampleNetworks.bytes(folded).length)
          .isLessThan(SampleNetworks.bytes(network).length - 12 * 12);
      for (int trial = 0; trial < 5; trial++) {
        double[] input = random.doubles(72).map(x -> 8 * x - 4).toArray();
        double[] expected = logits(network, input);
        double[] actual = logits(folded, input);
        for (int i = 0; i < expected.length; i++) {
          assertThat(actual[i]).isCloseTo(expected[i], within(1e-4 * (1 + Math.abs(expected[i]))));
        }
      }
      assertThat(FoldedNormalization.apply(folded)).isSameAs(folded);
    }
  }

  @Test
  void weightsThatAreLevelsKeepTheirNormalization() {
    CompressedNetwork network = network(RandomSeed.random("levels"), 1);
    List<CompressedTensor> tensors = new ArrayList<>();
    for (int i = 0; i < network.tensors().size(); i++) {
      ParameterTensor place = ARCHITECTURE.tensors().get(i);
      tensors.add(
          place.isWeight()
              ? new UniformTensor(
                  new LevelMatrix(place.rows(), place.columns(), new short[place.size()]),
                  new float[] {1})
              : network.tensors().get(i));
    }
    CompressedNetwork levels = new CompressedNetwork(ARCHITECTURE, tensors);
    assertThat(FoldedNormalization.apply(levels)).isSameAs(levels);
  }

  @Test
  void whatStaysOfItHasAPrecisionOfItsOwnAndVariancesAtLeastHalves() {
    CompressedNetwork network = network(RandomSeed.random("precision"), 1);
    long before = Long.MAX_VALUE;
    for (BiasPrecision precision :
        new BiasPrecision[] {BiasPrecision.FLOAT32, BiasPrecision.FLOAT16, BiasPrecision.FLOAT8}) {
      CompressedNetwork changed = precision.applyToNormalization(network);
      for (int i = 0; i < network.tensors().size(); i++) {
        Role role = ARCHITECTURE.tensors().get(i).role();
        float[] exact = network.tensors().get(i).toFloats();
        float[] rounded = changed.tensors().get(i).toFloats();
        double relative =
            switch (precision) {
              case FLOAT32, UNIFORM8 -> 0;
              case FLOAT16 -> 0x1p-11;
              case FLOAT8 -> role == Role.VARIANCE ? 0x1p-11 : 0x1p-4;
            };
        boolean own = role == Role.WEIGHT || role == Role.BIAS;
        for (int j = 0; j < exact.length; j++) {
          double bound = own || relative == 0 ? 0 : relative * Math.abs(exact[j]) + 0x1p-16;
          assertThat(Math.abs((double) rounded[j] - exact[j])).isLessThanOrEqualTo(bound);
        }
      }
      assertThat((long) SampleNetworks.bytes(changed).length).isLessThan(before);
      before = SampleNetworks.bytes(changed).length;
    }
  }

  private static double[] logits(CompressedNetwork network, double[] input) {
    float[] parameters = network.toNetwork().parameters();
    double[] widened = new double[parameters.length];
    for (int i = 0; i < widened.length; i++) {
      widened[i] = parameters[i];
    }
    return ReferenceNetwork.logits(network.architecture(), widened, input);
  }
}
