package dev.pare.regularize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Regularize.Penalty;
import dev.pare.data.TestSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.ParameterTensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProximalTest {
  private static final Architecture ARCHITECTURE =
      new Architecture(
          new InputShape(6, 1, 1, 1),
          List.of(new Dense(5, Activation.RELU), new Dense(3, Activation.SOFTMAX)));

  @Test
  void drawingEachWeightMinimizesItsDistanceAndItsMagnitude() {
    SplittableRandom random = TestSeed.random();
    for (int trial = 0; trial < 200; trial++) {
      float w = (float) (2 * random.nextDouble() - 1);
      float distance = (float) random.nextDouble();
      float shrunk = Proximal.shrunk(w, distance);

      double best = Double.POSITIVE_INFINITY;
      double at = 0;
      for (int i = -2000; i <= 2000; i++) {
        double x = i / 1000.0;
        double cost = 0.5 * (x - w) * (x - w) + distance * Math.abs(x);
        if (cost < best) {
          best = cost;
          at = x;
        }
      }
      assertThat((double) shrunk).isCloseTo(at, within(1e-3));
      assertThat(shrunk == 0).isEqualTo(Math.abs(w) <= distance);
    }
  }

  @Test
  void drawingAGroupMinimizesItsDistanceAndItsLength() {
    SplittableRandom random = TestSeed.random();
    for (int trial = 0; trial < 100; trial++) {
      int size = 1 + random.nextInt(4);
      float[] start = new float[size];
      for (int i = 0; i < size; i++) {
        start[i] = (float) (2 * random.nextDouble() - 1);
      }
      double distance = 0.8 * random.nextDouble();
      float[] values = start.clone();
      Proximal.shrink(values, IntStream.range(0, size).toArray(), distance);

      double cost = groupCost(values, start, distance);
      for (int other = 0; other < 2000; other++) {
        double spread = Math.pow(10, -3 * random.nextDouble());
        float[] x = values.clone();
        for (int i = 0; i < size; i++) {
          x[i] += (float) (spread * (2 * random.nextDouble() - 1));
        }
        assertThat(groupCost(x, start, distance)).isGreaterThan(cost - 1e-6);
      }
      assertThat(groupCost(new float[size], start, distance)).isGreaterThan(cost - 1e-6);
      boolean zero = length(start) <= distance * Math.sqrt(size);
      for (float value : values) {
        assertThat(value == 0).isEqualTo(zero);
      }
    }
  }

  private static double groupCost(float[] x, float[] w, double distance) {
    double cost = 0;
    for (int i = 0; i < x.length; i++) {
      cost += 0.5 * (x[i] - w[i]) * (x[i] - w[i]);
    }
    return cost + distance * Math.sqrt(x.length) * length(x);
  }

  private static double length(float[] x) {
    double square = 0;
    for (float value : x) {
      square += value * value;
    }
    return Math.sqrt(square);
  }

  @Test
  void weightsAreDrawnByTheSizeOfTheirStepAndTheRampAndBiasesAreNot() {
    Network start = Initialization.random(ARCHITECTURE, 3);
    Arrays.fill(start.parameters(), 30, 35, 0.5f);
    Proximal way = new Proximal(Penalty.L1, new Ramp(0.2, 0.5), start);
    way.after(4, 20, i -> 0.01f * (1 + i));
    float[] expected = start.parameters().clone();
    // Half way up the ramp, which takes 10 steps.
    for (int i = 0; i < expected.length; i++) {
      boolean bias = i >= 30 && i < 35 || i >= 50;
      double distance = 0.1 * 0.01 * (1 + i);
      double left = Math.max(0, Math.abs(expected[i]) - distance);
      expected[i] = bias ? expected[i] : (float) (Math.signum(expected[i]) * left);
    }
    assertThat(way.network().parameters()).containsExactly(expected, within(1e-7f));
  }

  @Test
  void whatWasZeroMayNotChange() {
    Network start = Initialization.random(ARCHITECTURE, 3);
    start.parameters()[4] = 0;
    Proximal way = new Proximal(Penalty.GROUP_LASSO_UNITS, new Ramp(0.2, 0), start);
    assertThat(way.variables().mask()[4]).isZero();
    assertThat(way.variables().mask()[5]).isEqualTo(1);
  }

  @Test
  void groupsAreRowsOfHiddenLayersOrColumnsByInput() {
    List<ParameterTensor> tensors = ARCHITECTURE.tensors();
    List<int[]> units = Groups.of(Penalty.GROUP_LASSO_UNITS, ARCHITECTURE);
    assertThat(units).hasSize(5);
    assertThat(units.get(1)).containsExactly(6, 7, 8, 9, 10, 11);
    List<int[]> inputs = Groups.of(Penalty.GROUP_LASSO_INPUTS, ARCHITECTURE);
    assertThat(inputs).hasSize(6 + 5);
    assertThat(inputs.get(1)).containsExactly(1, 7, 13, 19, 25);
    int second = tensors.get(2).offset();
    assertThat(inputs.get(6)).containsExactly(second, second + 5, second + 10);
  }

  @Test
  void aChannelsColumnsGoTogether() {
    Architecture convolutional =
        new Architecture(
            new InputShape(2, 4, 4, 1),
            List.of(new Convolution(3, 3, 1, Activation.RELU), new Dense(2, Activation.SOFTMAX)));
    int dense = convolutional.tensors().get(2).offset();
    List<int[]> inputs = Groups.of(Penalty.GROUP_LASSO_INPUTS, convolutional);
    assertThat(inputs).hasSize(2 + 3);
    assertThat(inputs.get(1)).hasSize(3 * 9).startsWith(9, 10).contains(18 + 9).endsWith(53);
    assertThat(inputs.get(3))
        .containsExactly(
            dense + 4,
            dense + 5,
            dense + 6,
            dense + 7,
            dense + 16,
            dense + 17,
            dense + 18,
            dense + 19);
    assertThat(Groups.of(Penalty.GROUP_LASSO_UNITS, convolutional)).hasSize(3);
  }

  @Test
  void classesKeepTheirUnitsWhereverTheyAreMade() {
    int[] hidden = {3, 3, 0, 2};
    for (int i = 0; i < hidden.length; i++) {
      Architecture ending = OperatorSamples.endings().get(i);
      assertThat(Groups.of(Penalty.GROUP_LASSO_UNITS, ending))
          .hasSize(hidden[i])
          .allSatisfy(group -> assertThat(group[0]).isLessThan(ending.tensors().get(0).end()));
    }
  }
}
