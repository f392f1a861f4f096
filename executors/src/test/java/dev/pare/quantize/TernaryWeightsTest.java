package dev.pare.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.TestSeed;
import dev.pare.graph.Network;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TernaryWeightsTest {
  @Test
  void parametersAreZeroOrOneOfTwoValuesAndZerosStay() {
    SplittableRandom random = TestSeed.random();
    Network start = SparseNetworks.random(random);
    TernaryWeights weights = new TernaryWeights(start);
    check(weights, start);
    for (int i = 0; i < weights.values().length; i++) {
      boolean pruned = i < start.parameters().length && start.parameters()[i] == 0;
      weights.values()[i] += pruned ? 0 : (float) random.nextGaussian() / 4;
    }
    check(weights, start);
  }

  private static void check(TernaryWeights weights, Network start) {
    float[] parameters = weights.parameters();
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
      float[] codebook = weights.codebook(tensor);
      assertThat(codebook[0]).isNegative();
      assertThat(codebook[1]).isPositive();
      short[] levels = weights.levels(tensor);
      for (int i = 0; i < levels.length; i++) {
        float value = levels[i] == 0 ? 0 : codebook[levels[i] < 0 ? 0 : 1];
        assertThat(parameters[tensor.offset() + i]).isEqualTo(value);
        if (start.parameters()[tensor.offset() + i] == 0) {
          assertThat(levels[i]).isZero();
        }
      }
    }
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.BIAS)) {
      float[] bias = Arrays.copyOfRange(weights.parameters(), tensor.offset(), tensor.end());
      for (int i = 0; i < bias.length; i++) {
        assertThat(bias[i]).isEqualTo(parameters[tensor.offset() + i]);
      }
    }
  }

  /** Against all thresholds between neighbouring magnitudes. */
  @Test
  void startsAboutAsCloseAsThreeValuesCanBe() {
    SplittableRandom random = TestSeed.random();
    Network start = SparseNetworks.random(random);
    float[] parameters = new TernaryWeights(start).parameters();
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
      double error = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        error += Math.pow(parameters[i] - start.parameters()[i], 2);
        least = Math.min(least, error(start.parameters(), tensor, Math.abs(start.parameters()[i])));
      }
      assertThat(error).isBetween(least * (1 - 1e-6), least * 1.25);
    }
  }

  private static double error(float[] w, ParameterTensor tensor, double threshold) {
    double[] sums = new double[2];
    int[] counts = new int[2];
    double squares = 0;
    for (int i = tensor.offset(); i < tensor.end(); i++) {
      squares += (double) w[i] * w[i];
      if (Math.abs(w[i]) > threshold) {
        sums[w[i] > 0 ? 1 : 0] += w[i];
        counts[w[i] > 0 ? 1 : 0]++;
      }
    }
    for (int side = 0; side < 2; side++) {
      squares -= counts[side] == 0 ? 0 : sums[side] * sums[side] / counts[side];
    }
    return squares;
  }

  @Test
  void magnitudesHaveTheirDerivativesAndWeightsPassTheGradient() {
    SplittableRandom random = TestSeed.random();
    Network start = SparseNetworks.random(random);
    TernaryWeights weights = new TernaryWeights(start);
    float[] direction = SparseNetworks.gradient(random);
    weights.parameters();
    float[] gradient = weights.pullBack(direction.clone()).clone();
    for (int i = 0; i < direction.length; i++) {
      assertThat(gradient[i]).isEqualTo(direction[i]);
    }
    for (int i = direction.length; i < gradient.length; i++) {
      float[] values = weights.values();
      values[i] = 0.01f;
      double above = inner(weights, direction);
      values[i] = -0.01f;
      double below = inner(weights, direction);
      values[i] = 0;
      double derivative = (above - below) / 0.02;
      assertThat((double) gradient[i])
          .isCloseTo(derivative, within(1e-3 * (1 + Math.abs(derivative))));
    }
    assertThat(gradient).hasSize(direction.length + 6);
  }

  private static double inner(TernaryWeights weights, float[] direction) {
    float[] parameters = weights.parameters();
    double sum = 0;
    for (int i = 0; i < direction.length; i++) {
      sum += (double) parameters[i] * direction[i];
    }
    return sum;
  }

  @Test
  void aTensorOfZerosHasSomeValuesToo() {
    Network zeros =
        new Network(
            SparseNetworks.ARCHITECTURE, new float[SparseNetworks.ARCHITECTURE.parameters()]);
    TernaryWeights weights = new TernaryWeights(zeros);
    check(weights, zeros);
    assertThat(weights.parameters()).containsOnly(0);
  }
}
