package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.TestSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Network;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdamTest {
  @Test
  void followsThePaperOverAHundredSteps() {
    SplittableRandom random = TestSeed.random();
    int count = 64;
    float[] values = new float[count];
    double[] expected = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
      expected[i] = values[i];
    }
    Adam adam = new Adam(count, 0, 0);
    double[] m = new double[count];
    double[] v = new double[count];
    for (int t = 1; t <= 100; t++) {
      float[] gradient = new float[count];
      double rate = 0.01 / t;
      for (int i = 0; i < count; i++) {
        // Sizes from far below epsilon to large.
        gradient[i] = (float) ((random.nextDouble() - 0.4) * Math.pow(10, i % 12 - 9));
        m[i] = 0.9 * m[i] + 0.1 * gradient[i];
        v[i] = 0.999 * v[i] + 0.001 * gradient[i] * gradient[i];
        double first = m[i] / (1 - Math.pow(0.9, t));
        double second = v[i] / (1 - Math.pow(0.999, t));
        expected[i] -= rate * first / (Math.sqrt(second) + 1e-8);
      }
      adam.step(free(values), gradient, rate);
    }
    for (int i = 0; i < count; i++) {
      assertThat((double) values[i]).as("variable %d", i).isCloseTo(expected[i], within(1e-5));
    }
  }

  @Test
  void theSizeOfAStepIsHowFarASteadyGradientMoves() {
    float[] values = {0, 0};
    float[] gradients = {0.25f, -3};
    Adam adam = new Adam(2, 0, 0);
    for (int t = 0; t < 50; t++) {
      float[] before = values.clone();
      adam.step(free(values), gradients.clone(), 0.01);
      for (int i = 0; i < 2; i++) {
        assertThat(before[i] - values[i]).isCloseTo(gradients[i] * adam.of(i), within(1e-6f));
      }
    }
  }

  @Test
  void aWeightThatWasHeldAtZeroGrowsAsIfItWereNew() {
    float[] values = {1, 1};
    float[] mask = {1, 1};
    Adam adam = new Adam(2, 0, 0);
    for (int t = 0; t < 20; t++) {
      if (t == 10) {
        mask[0] = 0;
      }
      adam.step(weights(values, mask), new float[] {5, t < 11 ? 0 : 5}, 0.01);
      if (t == 10) {
        assertThat(values[0]).isZero();
        values[1] = 0;
        mask[0] = 1;
      } else if (t > 10) {
        assertThat(values[0]).isEqualTo(values[1]).isNegative();
      }
    }
  }

  @Test
  void aGradientOfZeroMovesNothing() {
    float[] values = {1, -2, 0};
    new Adam(3, 0, 0).step(free(values), new float[3], 0.1);
    assertThat(values).containsExactly(1, -2, 0);
  }

  @Test
  void liveVariablesWeightsGetTheBitsThatAllWouldGiveThem() {
    SplittableRandom random = TestSeed.random();
    Architecture architecture =
        new Architecture(
            new InputShape(40, 1, 1, 1),
            List.of(new Dense(30, Activation.RELU), new Dense(10, Activation.SOFTMAX)));
    Network start = Initialization.random(architecture, random.nextLong());
    MaskedWeights few = new MaskedWeights(start);
    MaskedWeights all = new MaskedWeights(start);
    int[] weights = weightsOf(few);
    for (double l1 : new double[] {0, 0.01}) {
      Adam ofFew = new Adam(few.values().length, l1, 0.02);
      Adam ofAll = new Adam(all.values().length, l1, 0.02);
      int stepsOfFew = 0;
      for (int step = 0; step < 400; step++) {
        if (step % 10 == 0) {
          // Down to a few in a hundred, and up again.
          double share = Math.abs(step - 200) / 200.0;
          for (int i : weights) {
            boolean grows = random.nextDouble() < share;
            for (MaskedWeights of : List.of(few, all)) {
              if (grows) {
                of.grow(i);
              } else {
                of.prune(i);
              }
            }
          }
        }
        stepsOfFew += few.liveVariables().length > 0 ? 1 : 0;
        float[] gradient = new float[few.values().length];
        for (int i = 0; i < gradient.length; i++) {
          gradient[i] = (float) ((random.nextDouble() - 0.5) * Math.pow(10, -random.nextInt(30)));
        }
        ofFew.step(few, gradient.clone(), 0.01);
        ofAll.step(knownByTheirMask(all), gradient.clone(), 0.01);
        assertThat(few.values()).as("step %d", step).isEqualTo(all.values());
        for (int i = 0; i < gradient.length; i++) {
          assertThat(ofFew.of(i)).isEqualTo(ofAll.of(i));
        }
      }
      assertThat(stepsOfFew).isBetween(50, 350);
    }
  }

  private static int[] weightsOf(MaskedWeights variables) {
    return variables.ranges().stream()
        .filter(range -> range.kind() == TrainableParameters.Kind.WEIGHTS)
        .flatMapToInt(range -> IntStream.range(range.from(), range.to()))
        .toArray();
  }

  private static TrainableParameters knownByTheirMask(MaskedWeights weights) {
    return variables(weights.values(), weights.mask(), weights.ranges());
  }

  private static TrainableParameters free(float[] values) {
    return variables(values, new float[0], TrainableParameters.Kind.FREE);
  }

  private static TrainableParameters weights(float[] values, float[] mask) {
    return variables(values, mask, TrainableParameters.Kind.WEIGHTS);
  }

  private static TrainableParameters variables(
      float[] values, float[] mask, TrainableParameters.Kind kind) {
    return variables(values, mask, List.of(new TrainableParameters.Range(0, values.length, kind)));
  }

  private static TrainableParameters variables(
      float[] values, float[] mask, List<TrainableParameters.Range> ranges) {
    return new TrainableParameters() {
      @Override
      public float[] values() {
        return values;
      }

      @Override
      public float[] parameters() {
        return values;
      }

      @Override
      public float[] pullBack(float[] parameterGradient) {
        return parameterGradient;
      }

      @Override
      public List<Range> ranges() {
        return ranges;
      }

      @Override
      public float[] mask() {
        return mask;
      }
    };
  }
}
