package dev.pare.sparsify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Granularity;
import dev.pare.candidate.Prune;
import dev.pare.candidate.Training;
import dev.pare.data.ConstantFeatures;
import dev.pare.data.Examples;
import dev.pare.data.MemoryExamples;
import dev.pare.data.TestSeed;
import dev.pare.evaluate.Evaluator;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.train.MaskedWeights;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GranularityTest {
  private static final Training NONE = new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0);

  private static final Architecture DENSE =
      new Architecture(
          new InputShape(13, 1, 1, 1),
          List.of(new Dense(17, Activation.RELU), new Dense(3, Activation.SOFTMAX)));

  private static final Architecture CONVOLUTIONAL =
      new Architecture(
          new InputShape(2, 9, 9, 1),
          List.of(
              new Convolution(6, 3, 1, Activation.IDENTITY),
              new BatchNormalization(1e-3f, Activation.RELU),
              new Pooling(Pooling.Pool.AVERAGE, 3, 2),
              new Convolution(5, 2, 1, Activation.SIGMOID),
              new Dense(7, Activation.TANH),
              new Dense(4, Activation.SOFTMAX)));

  private static final Architecture PADDED =
      new Architecture(
          new InputShape(2, 5, 6, 1),
          List.of(
              new Convolution(6, 3, 1, 1, Activation.RELU),
              new Convolution(5, 3, 2, 1, Activation.SIGMOID),
              new Dense(7, Activation.TANH),
              new Dense(4, Activation.SOFTMAX)));

  private static Network random(Architecture architecture, SplittableRandom random) {
    float[] parameters = new float[architecture.parameters()];
    for (ParameterTensor tensor : architecture.tensors()) {
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        float value = (float) random.nextDouble(-1, 1);
        parameters[i] = tensor.role() == Role.VARIANCE ? 0.5f + Math.abs(value) : value;
      }
    }
    return new Network(architecture, parameters);
  }

  private static Prune prune(Granularity granularity, Prune.Scope scope, double sparsity) {
    return new Prune(
            sparsity, null, Prune.Saliency.MAGNITUDE, scope, Prune.Schedule.ONE_SHOT, 0, NONE)
        .but()
        .granularity(granularity)
        .build();
  }

  private static Examples examples(Architecture architecture) {
    return MemoryExamples.clusters(
        30, architecture.input().size(), architecture.outputs(), new SplittableRandom(3));
  }

  private static Pruning pruning(Prune settings, ReducedNetwork reduction, MaskedWeights weights) {
    return new Pruning(
        settings,
        reduction,
        weights,
        new CalibrationSource(examples(reduction.original()), reduction.original(), 1));
  }

  private static List<ParameterTensor> weightTensors(Architecture architecture) {
    return architecture.tensors().stream().filter(t -> t.isWeight()).toList();
  }

  @Test
  void ofMNeighboursTheNLargestStay() {
    SplittableRandom random = TestSeed.random();
    for (int[] pattern : new int[][] {{2, 4}, {1, 4}, {1, 2}, {3, 8}}) {
      Network network = random(DENSE, random);
      MaskedWeights weights = new MaskedWeights(network);
      Granularity granularity = new Granularity(Granularity.Kind.N_OF_M, pattern[0], pattern[1]);
      pruning(prune(granularity, Prune.Scope.LAYER, 0), ReducedNetwork.none(network), weights)
          .prune();
      for (ParameterTensor tensor : weightTensors(DENSE)) {
        for (int row = 0; row < tensor.rows(); row++) {
          for (int from = 0; from < tensor.columns(); from += pattern[1]) {
            int at = tensor.offset() + row * tensor.columns() + from;
            int size = Math.min(pattern[1], tensor.columns() - from);
            assertBestSubsetStays(network.parameters(), weights, at, size, pattern[0]);
          }
        }
      }
    }
  }

  /** Of all subsets of at most so many, the one of the greatest sum of squares. */
  private static void assertBestSubsetStays(
      float[] values, MaskedWeights weights, int at, int size, int kept) {
    double best = -1;
    int winner = 0;
    for (int subset = 0; subset < 1 << size; subset++) {
      double sum = 0;
      for (int i = 0; i < size; i++) {
        sum += (subset >> i & 1) * values[at + i] * values[at + i];
      }
      if (Integer.bitCount(subset) <= kept && sum > best) {
        best = sum;
        winner = subset;
      }
    }
    for (int i = 0; i < size; i++) {
      assertThat(weights.isPruned(at + i)).isEqualTo((winner >> i & 1) == 0);
    }
  }

  /** As sparse matrix units read a convolution: {@code [filter, y, x][channel]}. */
  @Test
  void patternsOfConvolutionsGoAlongTheInputChannels() {
    SplittableRandom random = TestSeed.random();
    Network network = random(CONVOLUTIONAL, random);
    MaskedWeights weights = new MaskedWeights(network);
    Granularity pattern = Granularity.parse("2:4").orElseThrow();
    pruning(prune(pattern, Prune.Scope.LAYER, 0), ReducedNetwork.none(network), weights).prune();

    List<ParameterTensor> tensors = weightTensors(CONVOLUTIONAL);
    ParameterTensor twoChannels = tensors.get(0);
    assertThat(IntStream.range(twoChannels.offset(), twoChannels.end()))
        .noneMatch(weights::isPruned);
    ParameterTensor sixChannels = tensors.get(1);
    for (int filter = 0; filter < 5; filter++) {
      for (int place = 0; place < 4; place++) {
        int first = sixChannels.offset() + filter * 24 + place;
        List<Integer> four = List.of(first, first + 4, first + 8, first + 12);
        List<Integer> best =
            four.stream()
                .sorted(Comparator.comparingDouble(i -> -Math.abs(network.parameters()[i])))
                .limit(2)
                .sorted()
                .toList();
        assertThat(four.stream().filter(i -> !weights.isPruned(i)).toList()).isEqualTo(best);
        assertThat(List.of(first + 16, first + 20)).noneMatch(weights::isPruned);
      }
    }
  }

  @Test
  void patternsAndBlocksStandWhereTheyWouldIfNothingWereLeftOut() {
    SplittableRandom random = TestSeed.random();
    Network network = random(DENSE, random);
    float[] features = new float[13 * 4];
    for (int i = 0; i < features.length; i++) {
      // Inputs 1, 5 and 6 never vary.
      features[i] = i % 13 == 1 || i % 13 == 5 || i % 13 == 6 ? 0 : random.nextInt(9) + i;
    }
    Examples some = MemoryExamples.of(features, 13, new int[4], 3);
    ReducedNetwork reduction = ReducedNetwork.ofInputs(network, ConstantFeatures.of(some));
    assertThat(reduction.removedInputs()).isEqualTo(3);

    MaskedWeights weights = new MaskedWeights(reduction.network());
    pruning(prune(Granularity.parse("2:4").orElseThrow(), Prune.Scope.LAYER, 0), reduction, weights)
        .prune();
    Network pruned = reduction.expand(weights.network());
    for (int row = 0; row < 17; row++) {
      assertThat(nonzeros(pruned, row * 13, 4)).isEqualTo(2);
      assertThat(nonzeros(pruned, row * 13 + 4, 4)).as("two are left out").isEqualTo(2);
      assertThat(nonzeros(pruned, row * 13 + 12, 1)).isEqualTo(1);
    }

    MaskedWeights blocky = new MaskedWeights(reduction.network());
    pruning(
            prune(Granularity.parse("3x4").orElseThrow(), Prune.Scope.LAYER, 0.5),
            reduction,
            blocky)
        .prune();
    Network blocks = reduction.expand(blocky.network());
    int zero = 0;
    for (int row = 0; row < 17; row += 3) {
      for (int column = 0; column < 13; column += 4) {
        int count = 0;
        for (int r = row; r < Math.min(17, row + 3); r++) {
          count += nonzeros(blocks, r * 13 + column, Math.min(4, 13 - column));
        }
        zero += count == 0 ? 1 : 0;
      }
    }
    assertThat(zero).isEqualTo(12);
  }

  private static int nonzeros(Network network, int from, int count) {
    return (int)
        IntStream.range(from, from + count).filter(i -> network.parameters()[i] != 0).count();
  }

  @Test
  void blocksGoByTheRootOfTheirMeanSquareAndExactlyAsManyAsAsked() {
    SplittableRandom random = TestSeed.random();
    Network network = random(DENSE, random);
    MaskedWeights weights = new MaskedWeights(network);
    pruning(
            prune(Granularity.parse("4x5").orElseThrow(), Prune.Scope.GLOBAL, 0.4),
            ReducedNetwork.none(network),
            weights)
        .prune();
    List<int[]> blocks = new ArrayList<>();
    for (ParameterTensor tensor : weightTensors(DENSE)) {
      for (int row = 0; row < tensor.rows(); row += 4) {
        for (int column = 0; column < tensor.columns(); column += 5) {
          int r0 = row;
          int c0 = column;
          blocks.add(
              IntStream.range(0, tensor.size())
                  .filter(
                      i -> i / tensor.columns() / 4 * 4 == r0 && i % tensor.columns() / 5 * 5 == c0)
                  .map(i -> tensor.offset() + i)
                  .toArray());
        }
      }
    }
    BitSet expected = new BitSet();
    blocks.stream()
        .sorted(Comparator.comparingDouble(block -> meanSquare(block, network)))
        .limit(Math.round(0.4 * blocks.size()))
        .forEach(block -> IntStream.of(block).forEach(expected::set));
    assertThat(pruned(weights)).isEqualTo(expected);
  }

  private static double meanSquare(int[] block, Network network) {
    return IntStream.of(block)
        .mapToDouble(i -> (double) network.parameters()[i] * network.parameters()[i])
        .average()
        .orElseThrow();
  }

  private static BitSet pruned(MaskedWeights weights) {
    return IntStream.range(0, weights.values().length)
        .filter(weights::isPruned)
        .collect(BitSet::new, BitSet::set, BitSet::or);
  }

  @Test
  void theSmallerNetworkSaysWhatTheOneWithZeroedUnitsSays() {
    SplittableRandom random = TestSeed.random();
    for (Architecture architecture : List.of(DENSE, CONVOLUTIONAL, PADDED)) {
      for (Prune.Scope scope : List.of(Prune.Scope.LAYER, Prune.Scope.GLOBAL)) {
        for (double sparsity : new double[] {0.2, 0.5, 0.99}) {
          Network network = random(architecture, random);
          MaskedWeights weights = new MaskedWeights(network);
          Pruning pruning =
              pruning(
                  prune(Granularity.UNIT, scope, sparsity), ReducedNetwork.none(network), weights);
          pruning.prune();
          Network zeroed = weights.network();
          Network smaller = pruning.withoutUnits(zeroed).network();

          List<ParameterTensor> before = weightTensors(architecture);
          List<ParameterTensor> after = weightTensors(smaller.architecture());
          int hidden = 0;
          int left = 0;
          for (int t = 0; t < before.size() - 1; t++) {
            hidden += before.get(t).rows();
            left += after.get(t).rows();
            assertThat(after.get(t).rows()).isPositive();
            if (scope == Prune.Scope.LAYER && sparsity < 0.9) {
              assertThat(after.get(t).rows())
                  .isEqualTo(before.get(t).rows() - Math.round(sparsity * before.get(t).rows()));
            }
          }
          if (sparsity < 0.6) {
            assertThat(left).isLessThan(hidden);
          } else {
            assertThat(left).isEqualTo(before.size() - 1);
          }
          if (scope == Prune.Scope.GLOBAL && sparsity < 0.9) {
            assertThat(left).isEqualTo(hidden - Math.round(sparsity * hidden));
          }
          assertThat(Evaluator.logits(smaller, examples(architecture)))
              .containsExactly(Evaluator.logits(zeroed, examples(architecture)), within(1e-5f));
        }
      }
    }
  }

  @Test
  void sharesOfUnitsAreOfTheTeachers() {
    Network network = random(DENSE, TestSeed.random());
    MaskedWeights weights = new MaskedWeights(network);
    Architecture teacher =
        new Architecture(
            DENSE.input(),
            List.of(new Dense(34, Activation.RELU), new Dense(3, Activation.SOFTMAX)));
    Pruning pruning =
        new Pruning(
            prune(Granularity.UNIT, Prune.Scope.LAYER, 0.75),
            ReducedNetwork.none(network),
            weights,
            new CalibrationSource(examples(DENSE), teacher, 1));
    pruning.prune();
    // Half of them are gone already: of the seventeen left, nine more go to make it 26 of 34.
    assertThat(weightTensors(pruning.withoutUnits(weights.network()).network().architecture()))
        .first()
        .extracting(ParameterTensor::rows)
        .isEqualTo(8);
  }
}
