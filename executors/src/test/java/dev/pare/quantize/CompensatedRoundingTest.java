package dev.pare.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompensatedRoundingTest {
  private static final int COLUMNS = 6;
  private static final double SCALE = 0.3;
  private static final double DAMPING = 0.01;

  /** Inputs that depend on each other, as neighbouring pixels do. */
  private static double[] moments(Random random) {
    double[] moments = new double[COLUMNS * COLUMNS];
    for (int example = 0; example < 40; example++) {
      double[] x = new double[COLUMNS];
      double common = random.nextGaussian();
      for (int i = 0; i < COLUMNS; i++) {
        x[i] = (1 + i % 3) * (common + 0.4 * random.nextGaussian());
      }
      for (int r = 0; r < COLUMNS; r++) {
        for (int c = 0; c < COLUMNS; c++) {
          moments[r * COLUMNS + c] += x[r] * x[c] / 40;
        }
      }
    }
    return moments;
  }

  private static float[] weights(Random random) {
    float[] weights = new float[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    return weights;
  }

  private static int nearest(double weight) {
    return (int) Math.max(-3, Math.min(3, Math.rint(weight / SCALE)));
  }

  /** What is left makes the outputs change least, given what is rounded: a system of equations. */
  private static short[] byEquations(double[] moments, float[] weights) {
    double trace = IntStream.range(0, COLUMNS).mapToDouble(i -> moments[i * COLUMNS + i]).sum();
    double[][] h = new double[COLUMNS][COLUMNS];
    for (int r = 0; r < COLUMNS; r++) {
      for (int c = 0; c < COLUMNS; c++) {
        h[r][c] = moments[r * COLUMNS + c] + (r == c ? DAMPING * trace / COLUMNS : 0);
      }
    }
    Integer[] order = IntStream.range(0, COLUMNS).boxed().toArray(Integer[]::new);
    Arrays.sort(order, (a, b) -> Double.compare(h[b][b], h[a][a]));
    double[] change = new double[COLUMNS];
    short[] levels = new short[COLUMNS];
    for (int step = 0; step < COLUMNS; step++) {
      int left = COLUMNS - step;
      double[][] equations = new double[left][left + 1];
      for (int r = 0; r < left; r++) {
        for (int c = 0; c < left; c++) {
          equations[r][c] = h[order[step + r]][order[step + c]];
        }
        for (int f = 0; f < step; f++) {
          equations[r][left] -= h[order[step + r]][order[f]] * change[order[f]];
        }
      }
      int column = order[step];
      double wanted = weights[column] + solved(equations)[0];
      levels[column] = (short) nearest(wanted);
      change[column] = levels[column] * SCALE - weights[column];
    }
    return levels;
  }

  private static double[] solved(double[][] equations) {
    int n = equations.length;
    for (int p = 0; p < n; p++) {
      for (int r = p + 1; r < n; r++) {
        double factor = equations[r][p] / equations[p][p];
        for (int c = p; c <= n; c++) {
          equations[r][c] -= factor * equations[p][c];
        }
      }
    }
    double[] x = new double[n];
    for (int r = n - 1; r >= 0; r--) {
      double sum = equations[r][n];
      for (int c = r + 1; c < n; c++) {
        sum -= equations[r][c] * x[c];
      }
      x[r] = sum / equations[r][r];
    }
    return x;
  }

  private static double error(double[] moments, float[] weights, short[] levels) {
    double sum = 0;
    for (int r = 0; r < COLUMNS; r++) {
      for (int c = 0; c < COLUMNS; c++) {
        sum +=
            (levels[r] * SCALE - weights[r])
                * moments[r * COLUMNS + c]
                * (levels[c] * SCALE - weights[c]);
      }
    }
    return sum;
  }

  @Test
  void whatIsLeftMakesUpAsWellAsItCan() {
    Random random = new Random(4);
    double made = 0;
    double plain = 0;
    for (int n = 0; n < 300; n++) {
      double[] moments = moments(random);
      float[] weights = weights(random);
      short[] levels =
          new CompensatedRounding(moments, COLUMNS, DAMPING)
              .round(weights, SCALE, (column, weight) -> nearest(weight));
      assertThat(levels).isEqualTo(byEquations(moments, weights));
      short[] nearest = new short[COLUMNS];
      for (int i = 0; i < COLUMNS; i++) {
        nearest[i] = (short) nearest(weights[i]);
      }
      made += error(moments, weights, levels);
      plain += error(moments, weights, nearest);
    }
    assertThat(made).isLessThan(0.5 * plain);
  }

  @Test
  void inputsThatAreAlwaysZeroLeaveTheNearestLevels() {
    float[] weights = {0.31f, -0.44f, 5, 0, 0.1f, -0.2f};
    short[] levels =
        new CompensatedRounding(new double[COLUMNS * COLUMNS], COLUMNS, DAMPING)
            .round(weights, SCALE, (column, weight) -> nearest(weight));
    assertThat(levels)
        .containsExactly((short) 1, (short) -1, (short) 3, (short) 0, (short) 0, (short) -1);
  }
}
