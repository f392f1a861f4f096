package dev.pare.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.data.TestSeed;
import dev.pare.graph.Network;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PowerOfTwoWeightsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8})
  void eachParameterIsTheNearestOfZeroAndThePowers(int bits) {
    SplittableRandom random = TestSeed.random();
    Network start = SparseNetworks.random(random);
    PowerOfTwoWeights weights = new PowerOfTwoWeights(start, bits);
    check(weights, start, bits);
    for (int i = 0; i < weights.values().length; i++) {
      boolean pruned = start.parameters()[i] == 0;
      weights.values()[i] += pruned ? 0 : (float) random.nextGaussian() / 2;
    }
    check(weights, start, bits);
    assertThat(weights.pullBack(new float[] {3, 4})).containsExactly(3, 4);
  }

  private static void check(PowerOfTwoWeights weights, Network start, int bits) {
    float[] parameters = weights.parameters();
    int most = Math.min(1 << bits - 1, 127);
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
      short[] levels = weights.levels(tensor);
      for (int i = 0; i < levels.length; i++) {
        float w = weights.values()[tensor.offset() + i];
        double least = Math.abs((double) w);
        for (int n = 0; n < most; n++) {
          double power = Math.pow(2, weights.least(tensor) + n);
          least = Math.min(least, Math.abs(Math.abs((double) w) - power));
        }
        double value =
            levels[i] == 0
                ? 0
                : Math.signum(levels[i])
                    * Math.pow(2, weights.least(tensor) + Math.abs(levels[i]) - 1);
        assertThat((double) parameters[tensor.offset() + i]).isEqualTo(value);
        assertThat(Math.abs(w - value)).isEqualTo(least);
        assertThat(Math.abs((int) levels[i])).isLessThanOrEqualTo(most);
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

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void startsWithThePowersOfLeastError(int bits) {
    SplittableRandom random = TestSeed.random();
    Network start = SparseNetworks.random(random);
    PowerOfTwoWeights weights = new PowerOfTwoWeights(start, bits);
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
      double best = Double.POSITIVE_INFINITY;
      for (int least = -20; least <= 2; least++) {
        best = Math.min(best, error(start.parameters(), tensor, least, 1 << bits - 1));
      }
      assertThat(error(start.parameters(), tensor, weights.least(tensor), 1 << bits - 1))
          .isLessThanOrEqualTo(best * (1 + 1e-9));
    }
  }

  private static double error(float[] w, ParameterTensor tensor, int least, int most) {
    double error = 0;
    for (int i = tensor.offset(); i < tensor.end(); i++) {
      double nearest = Math.abs((double) w[i]);
      for (int n = 0; n < most; n++) {
        nearest = Math.min(nearest, Math.abs(Math.abs((double) w[i]) - Math.pow(2, least + n)));
      }
      error += nearest * nearest;
    }
    return error;
  }
}
