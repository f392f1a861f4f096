package dev.pare.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.TestSeed;
import java.util.List;
import java.util.SplittableRandom;
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

  private static TrainableParameters free(float[] values) {
    return variables(values, new float[0], TrainableParameters.Kind.FREE);
  }

  private static TrainableParameters weights(float[] values, float[] mask) {
    return variables(values, mask, TrainableParameters.Kind.WEIGHTS);
  }

  private static TrainableParameters variables(
      float[] values, float[] mask, TrainableParameters.Kind kind) {
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
        return List.of(new Range(0, values.length, kind));
      }

      @Override
      public float[] mask() {
        return mask;
      }
    };
  }
}
