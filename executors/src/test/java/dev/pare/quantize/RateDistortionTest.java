package dev.pare.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.data.TestSeed;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.ParameterTensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RateDistortionTest {
  /** A level's bits depend on it and on the level before, so that the order matters. */
  private static final class OrderedCost implements LevelCost {
    static double bits(int level, int before) {
      return level == 0 ? 0.3 : 2 + Math.abs(level) + (before == 0 ? 1.5 : 0);
    }

    @Override
    public Pass over(int rows, int columns, short[] levels) {
      return new Pass() {
        private int at;
        private int before;

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
          return OrderedCost.bits(level, before);
        }

        @Override
        public void choose(int level) {
          before = level;
          at++;
        }
      };
    }
  }

  private static float[] sparse(SplittableRandom random, int size) {
    float[] weights = new float[size];
    for (int i = 0; i < size; i++) {
      weights[i] = random.nextInt(3) == 0 ? 0 : (float) random.nextGaussian();
    }
    return weights;
  }

  private static int level(Codebook words, int word) {
    int negatives = words.negatives();
    return word == Codebook.ZERO ? 0 : word < negatives ? word - negatives : word - negatives + 1;
  }

  /** Words beyond those beside the nearest never win where distance outweighs bits. */
  @Test
  void eachChoiceIsTheBestOfAllWordsAndZero() {
    SplittableRandom random = TestSeed.random();
    for (int trial = 0; trial < 50; trial++) {
      double lambda = 0.01 * random.nextDouble();
      float[] weights = sparse(random, 60);
      weights[0] = 1;
      Codebook start = Codebook.nearest(weights, 1 + random.nextInt(4));
      double squares = 0;
      int count = 0;
      for (float w : weights) {
        squares += w * w;
        count += w == 0 ? 0 : 1;
      }
      short[] chosen =
          new RateDistortion(lambda + 1e-9, new OrderedCost())
              .chosen(6, 10, weights, start, lambda * squares / count)
              .assignment();
      int before = 0;
      for (int i = 0; i < weights.length; i++) {
        float[] c = start.centroids();
        double least = Double.POSITIVE_INFINITY;
        int best = Codebook.ZERO;
        for (int word = Codebook.ZERO; word < c.length; word++) {
          double away = weights[i] - (word == Codebook.ZERO ? 0 : c[word]);
          double total =
              away * away / (squares / count)
                  + lambda * OrderedCost.bits(level(start, word), before);
          if (total < least && (word == Codebook.ZERO || weights[i] != 0)) {
            least = total;
            best = word;
          }
        }
        assertThat((int) chosen[i]).as("weight %d", i).isEqualTo(best);
        before = level(start, best);
      }
    }
  }

  @Test
  void centroidsEndAscendingAtTheMeansOfTheirWeights() {
    SplittableRandom random = TestSeed.random();
    for (int trial = 0; trial < 30; trial++) {
      float[] weights = sparse(random, 200);
      Codebook words =
          new RateDistortion(0.02 * (trial + 1), new OrderedCost())
              .improve(10, 20, weights, Codebook.nearest(weights, 3));
      float[] centroids = words.centroids();
      for (int c = 0; c < centroids.length; c++) {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < weights.length; i++) {
          if (words.assignment()[i] == c) {
            sum += weights[i];
            count++;
          }
        }
        assertThat(count).isPositive();
        assertThat(centroids[c]).isEqualTo((float) (sum / count));
        assertThat(c == 0 || centroids[c - 1] < centroids[c]).isTrue();
      }
      for (int i = 0; i < weights.length; i++) {
        assertThat(weights[i] != 0 || words.assignment()[i] == Codebook.ZERO).isTrue();
      }
    }
  }

  @Test
  void aBitWorthEverythingLeavesZerosOnly() {
    float[] weights = sparse(TestSeed.random(), 50);
    weights[3] = 0.5f;
    RateDistortion choice = new RateDistortion(1e6, new OrderedCost());
    Codebook words = choice.improve(5, 10, weights, Codebook.nearest(weights, 3));
    assertThat(words.centroids()).isEmpty();
    assertThat(words.assignment()).containsOnly(Codebook.ZERO);
    short[] levels = {0, 0, 2, -1, 0, 0, 0, 0, 0, 3};
    assertThat(
            choice.lower(
                1,
                10,
                new float[] {0, 0, 2, -1, 0, 0, 0, 0, 0, 3},
                levels,
                (index, level) -> level))
        .containsOnly(0);
  }

  @Test
  void uniformLevelsComeNearerToZeroWhereThatIsCheap() {
    RateDistortion choice = new RateDistortion(0.01, new OrderedCost());
    float[] weights = {0, 1.51f, -2.51f, 3, 0.55f, -4};
    short[] levels = {0, 2, -3, 3, 1, -4};
    assertThat(choice.lower(2, 3, weights, levels, (index, level) -> level))
        .containsExactly(0, 1, -2, 3, 0, -4);
    assertThat(levels).containsExactly(0, 2, -3, 3, 1, -4);
  }

  /** A network, how much its weights matter, and the objective written out. */
  private static final class Weighted {
    final Network network;
    final float[] diagonal;

    Weighted(SplittableRandom random) {
      Architecture architecture = SparseNetworks.ARCHITECTURE;
      float[] parameters = sparse(random, architecture.parameters());
      this.network = new Network(architecture, parameters);
      this.diagonal = new float[parameters.length];
      for (ParameterTensor tensor : architecture.tensors()) {
        // Layers that matter unlike much.
        double scale = Math.exp(4 * random.nextDouble());
        for (int i = tensor.offset(); i < tensor.end(); i++) {
          diagonal[i] = (float) (scale * random.nextDouble());
        }
      }
    }

    float[] weights(ParameterTensor tensor) {
      return Arrays.copyOfRange(network.parameters(), tensor.offset(), tensor.end());
    }

    double importance(ParameterTensor tensor, int index) {
      double mean = 0;
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        mean += diagonal[i] / tensor.size();
      }
      return 0.9 * diagonal[tensor.offset() + index] + 0.1 * mean;
    }

    /** The geometric mean over weights of what one of their tensor's costs on average. */
    double unit() {
      double product = 0;
      int all = 0;
      for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
        float[] weights = weights(tensor);
        double sum = 0;
        int count = 0;
        for (int i = 0; i < weights.length; i++) {
          sum += importance(tensor, i) * weights[i] * weights[i];
          count += weights[i] == 0 ? 0 : 1;
        }
        product += count * Math.log(sum / count);
        all += count;
      }
      return Math.exp(product / all);
    }
  }

  /** Against every word there is, at each place in turn. */
  @Test
  void errorsOfWordsCountByTheirImportanceInTheWholeNetwork() {
    SplittableRandom random = TestSeed.random();
    for (int trial = 0; trial < 10; trial++) {
      Weighted sample = new Weighted(random);
      for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
        float[] weights = sample.weights(tensor);
        Codebook start = Codebook.nearest(weights, 2);
        RateDistortion choice =
            new RateDistortion(0.05, new OrderedCost())
                .weighted(sample.network, sample.diagonal)
                .on(tensor);
        short[] chosen =
            choice
                .chosen(tensor.rows(), tensor.columns(), weights, start, choice.worth(weights))
                .assignment();
        double unit = sample.unit();
        int before = 0;
        for (int i = 0; i < weights.length; i++) {
          double least = Double.POSITIVE_INFINITY;
          int best = Codebook.ZERO;
          int nearest = KMeans.nearest(start.centroids(), weights[i]);
          for (int word = Codebook.ZERO; word < start.centroids().length; word++) {
            double away = weights[i] - (word == Codebook.ZERO ? 0 : start.centroids()[word]);
            double total =
                sample.importance(tensor, i) * away * away / unit
                    + 0.05 * OrderedCost.bits(level(start, word), before);
            boolean near = word == Codebook.ZERO || Math.abs(word - nearest) <= 1;
            if (near && total < least - 1e-6 && (word == Codebook.ZERO || weights[i] != 0)) {
              least = total;
              best = word;
            }
          }
          assertThat((int) chosen[i]).as("weight %d", i).isEqualTo(best);
          before = level(start, best);
        }
      }
    }
  }

  /** Against the level, the one below it and zero, at each place in turn. */
  @Test
  void errorsOfStepsCountByTheirImportanceInTheWholeNetwork() {
    SplittableRandom random = TestSeed.random();
    for (int trial = 0; trial < 10; trial++) {
      Weighted sample = new Weighted(random);
      for (ParameterTensor tensor : SparseNetworks.tensors(Role.WEIGHT)) {
        float[] weights = sample.weights(tensor);
        double step = 0.6;
        short[] levels = new short[weights.length];
        for (int i = 0; i < levels.length; i++) {
          levels[i] = (short) Math.round(weights[i] / step);
        }
        RateDistortion choice =
            new RateDistortion(0.05, new OrderedCost())
                .weighted(sample.network, sample.diagonal)
                .on(tensor);
        short[] chosen =
            choice.lowerOnGrid(
                tensor.rows(), tensor.columns(), weights, levels, (index, level) -> step * level);
        double unit = sample.unit();
        int before = 0;
        for (int i = 0; i < weights.length; i++) {
          double least = Double.POSITIVE_INFINITY;
          int best = 0;
          for (int level : new int[] {0, levels[i], levels[i] - Integer.signum(levels[i])}) {
            double away = weights[i] - step * level;
            double total =
                sample.importance(tensor, i) * away * away / unit
                    + 0.05 * OrderedCost.bits(level, before);
            if (total < least - 1e-6) {
              least = total;
              best = level;
            }
          }
          assertThat((int) chosen[i]).as("weight %d", i).isEqualTo(best);
          before = best;
        }
      }
    }
  }

  @Test
  void aLayerThatMattersMoreKeepsMore() {
    Weighted sample = new Weighted(TestSeed.random());
    ParameterTensor tensor = SparseNetworks.tensors(Role.WEIGHT).get(1);
    int before = 0;
    for (float factor : new float[] {1e-4f, 1, 1e4f}) {
      float[] diagonal = sample.diagonal.clone();
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        diagonal[i] = factor;
      }
      float[] weights = sample.weights(tensor);
      short[] levels = new short[weights.length];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = (short) Math.round(weights[i]);
      }
      short[] chosen =
          new RateDistortion(0.1, new OrderedCost())
              .weighted(sample.network, diagonal)
              .on(tensor)
              .lowerOnGrid(
                  tensor.rows(), tensor.columns(), weights, levels, (index, level) -> level);
      int nonzero = 0;
      for (short level : chosen) {
        nonzero += level == 0 ? 0 : 1;
      }
      assertThat(nonzero).as("%s", factor).isGreaterThan(factor == 1e-4f ? -1 : before);
      before = nonzero;
    }
  }

  @Test
  void whereNothingMattersAllErrorsCountAlike() {
    Weighted sample = new Weighted(TestSeed.random());
    ParameterTensor tensor = SparseNetworks.tensors(Role.WEIGHT).get(0);
    RateDistortion plain = new RateDistortion(0.05, new OrderedCost());
    float[] weights = sample.weights(tensor);
    Codebook start = Codebook.nearest(weights, 2);
    assertThat(
            plain
                .weighted(sample.network, new float[sample.diagonal.length])
                .on(tensor)
                .improve(tensor.rows(), tensor.columns(), weights, start)
                .assignment())
        .isEqualTo(
            plain.on(tensor).improve(tensor.rows(), tensor.columns(), weights, start).assignment());
  }

  @Test
  void lambdaIsPositiveAndFinite() {
    for (double lambda : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new RateDistortion(lambda, new OrderedCost()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("λ = " + lambda + ": must be positive and finite");
    }
  }
}
