package dev.pare.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.TestSeed;
import dev.pare.graph.Network;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ProductWeightsTest {
  private static int runs(ParameterTensor tensor, int dimension) {
    return (tensor.columns() - 1) / dimension + 1;
  }

  @Test
  void codesAndWordsDecodeToTheParametersAndRunsOfZerosStay() {
    SplittableRandom random = TestSeed.random();
    for (int dimension : new int[] {1, 2, 3, 4, 9, 64}) {
      Network start = SparseNetworks.random(random);
      ProductWeights weights = new ProductWeights(start, 3, dimension, null, 5);
      for (int i = 0; i < weights.values().length; i++) {
        weights.values()[i] += (float) random.nextGaussian() / 8;
      }
      float[] parameters = weights.parameters();
      for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
        int width = weights.dimension(tensor);
        assertThat(width).isEqualTo(Math.min(dimension, tensor.columns()));
        short[] codes = weights.codes(tensor);
        float[] words = weights.words(tensor);
        assertThat(words.length).isLessThanOrEqualTo(8 * width);
        for (int row = 0; row < tensor.rows(); row++) {
          for (int run = 0; run < runs(tensor, width); run++) {
            int code = codes[row * runs(tensor, width) + run];
            boolean zero = true;
            for (int c = run * width; c < Math.min((run + 1) * width, tensor.columns()); c++) {
              int at = tensor.offset() + row * tensor.columns() + c;
              float word = code == 0 ? 0 : words[(code - 1) * width + c - run * width];
              assertThat(parameters[at]).isEqualTo(word);
              zero &= start.parameters()[at] == 0;
            }
            assertThat(code == 0).isEqualTo(zero);
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
  }

  @Test
  void gradientsAreCentralDifferencesThroughTheParameters() {
    SplittableRandom random = TestSeed.random();
    ProductWeights weights = new ProductWeights(SparseNetworks.random(random), 2, 4, null, 5);
    float[] direction = SparseNetworks.gradient(random);
    float[] values = weights.values();
    float[] gradient = weights.pullBack(direction).clone();
    for (int i = 0; i < values.length; i++) {
      float kept = values[i];
      values[i] = kept + 0.25f;
      double above = inner(weights, direction);
      values[i] = kept - 0.25f;
      double below = inner(weights, direction);
      values[i] = kept;
      assertThat((double) gradient[i]).isCloseTo((above - below) / 0.5, within(1e-4));
    }
  }

  private static double inner(ProductWeights weights, float[] direction) {
    float[] parameters = weights.parameters();
    double sum = 0;
    for (int i = 0; i < direction.length; i++) {
      sum += (double) parameters[i] * direction[i];
    }
    return sum;
  }

  @Test
  void theSameSeedGivesTheSameWordsTheMostFrequentFirst() {
    Network start = SparseNetworks.random(TestSeed.random());
    ProductWeights weights = new ProductWeights(start, 3, 2, null, 5);
    ProductWeights again = new ProductWeights(start, 3, 2, null, 5);
    assertThat(again.parameters()).containsExactly(weights.parameters());
    for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
      int[] uses = new int[9];
      for (short code : weights.codes(tensor)) {
        uses[code]++;
      }
      for (int code = 2; code < uses.length; code++) {
        assertThat(uses[code]).isLessThanOrEqualTo(uses[code - 1]);
      }
    }
  }

  @Test
  void aBitWorthMoreMakesMoreRunsZeroAndWordsOfOneWeightAreACodebook() {
    Network start = SparseNetworks.random(TestSeed.random());
    int before = 0;
    for (double lambda : new double[] {1e-6, 0.1, 1e6}) {
      int zeros = 0;
      ProductWeights weights =
          new ProductWeights(start, 3, 2, new RateDistortion(lambda, new EvenCost()), 5);
      for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
        for (short code : weights.codes(tensor)) {
          zeros += code == 0 ? 1 : 0;
        }
      }
      assertThat(zeros).isGreaterThan(before);
      before = zeros;
    }
    ParameterTensor bias = SparseNetworks.tensors(Role.BIAS).get(0);
    ProductWeights weights = new ProductWeights(start, 3, 2, null, 5);
    assertThatThrownBy(() -> weights.codes(bias))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no weight tensor 0_b");
  }

  /** Three bits for a word, none for zeros. */
  private static final class EvenCost implements LevelCost {
    @Override
    public Pass over(int rows, int columns, short[] levels) {
      return new Pass() {
        private int at;

        @Override
        public boolean hasNext() {
          return at < levels.length;
        }

        @Override
        public int index() {
          return at;
        }

        @Override
        public double bits(int level) {
          return level == 0 ? 0 : 3;
        }

        @Override
        public void choose(int level) {
          at++;
        }
      };
    }
  }
}
