package dev.pare.sparsify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.TestSeed;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EliminationTest {
  private static double[][] positive(int n, SplittableRandom random) {
    double[][] factor = new double[n + 2][n];
    for (double[] row : factor) {
      Arrays.setAll(row, i -> random.nextDouble() - 0.4);
    }
    double[][] matrix = new double[n][n];
    for (double[] row : factor) {
      for (int r = 0; r < n; r++) {
        for (int c = 0; c < n; c++) {
          matrix[r][c] += row[r] * row[c];
        }
      }
    }
    IntStream.range(0, n).forEach(i -> matrix[i][i] += 0.05);
    return matrix;
  }

  private static double[] weights(int n, SplittableRandom random) {
    return random.doubles(n, -1, 1).toArray();
  }

  @Test
  void invertsAndSolvesAsGaussDoes() {
    SplittableRandom random = TestSeed.random();
    for (int n = 1; n < 20; n++) {
      double[][] matrix = positive(n, random);
      double[] inverse = DenseMatrices.flat(matrix);
      Elimination.invert(inverse, n);
      assertThat(inverse)
          .containsExactly(DenseMatrices.flat(DenseMatrices.inverse(matrix)), within(1e-7));
      double[] right = weights(n, random);
      double[] expected = DenseMatrices.solve(matrix, right);
      Elimination.solve(DenseMatrices.flat(matrix), n, right);
      assertThat(right).containsExactly(expected, within(1e-7));
    }
  }

  @Test
  void refusesWhatIsNotPositiveDefinite() {
    assertThatThrownBy(() -> Elimination.invert(new double[] {1, 2, 2, 1}, 2))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("pivot 1");
  }

  /** What stays is where the quadratic's gradient is zero; that is all Surgeon's formula says. */
  @Test
  void whatStaysMinimizesTheQuadratic() {
    SplittableRandom random = TestSeed.random();
    for (int n = 2; n < 12; n++) {
      double[][] matrix = positive(n, random);
      double[] before = weights(n, random);
      int[] gone = IntStream.range(0, n).filter(i -> random.nextInt(3) == 0).toArray();
      int[] staying =
          IntStream.range(0, n).filter(i -> Arrays.stream(gone).noneMatch(q -> q == i)).toArray();
      double[] removed = before.clone();
      Elimination.remove(DenseMatrices.flat(DenseMatrices.inverse(matrix)), n, removed, gone);
      double[] fitted = before.clone();
      Elimination.fit(DenseMatrices.flat(matrix), n, fitted, staying, gone);

      for (int q : gone) {
        assertThat(removed[q]).isZero();
        assertThat(fitted[q]).isZero();
      }
      for (int s : staying) {
        double slope = 0;
        for (int i = 0; i < n; i++) {
          slope += matrix[s][i] * (removed[i] - before[i]);
        }
        assertThat(slope).isCloseTo(0, within(1e-9));
        assertThat(fitted[s]).isCloseTo(removed[s], within(1e-8));
      }
    }
  }

  /** Against choosing, at each round, by solving the whole problem anew for each weight. */
  @Test
  void weightsLeaveInTheOrderOfTheirTrueCosts() {
    SplittableRandom random = TestSeed.random();
    int n = 7;
    double[][] matrix = positive(n, random);
    double[] before = weights(n, random);
    double[] costs = new double[n];
    Elimination.trace(DenseMatrices.flat(DenseMatrices.inverse(matrix)), n, before.clone(), costs);

    boolean[] left = new boolean[n];
    double paid = 0;
    double most = 0;
    for (int round = 0; round < n; round++) {
      int next = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        if (!left[i]) {
          left[i] = true;
          double total = energyWithout(matrix, before, left);
          left[i] = false;
          if (total < least) {
            least = total;
            next = i;
          }
        }
      }
      left[next] = true;
      most = Math.max(most, least - paid);
      assertThat(costs[next]).as("round %d", round).isCloseTo(most, within(1e-8));
      paid = least;
    }
  }

  private static double energyWithout(double[][] matrix, double[] before, boolean[] left) {
    int n = before.length;
    int[] gone = IntStream.range(0, n).filter(i -> left[i]).toArray();
    int[] staying = IntStream.range(0, n).filter(i -> !left[i]).toArray();
    double[] after = before.clone();
    Elimination.fit(DenseMatrices.flat(matrix), n, after, staying, gone);
    double energy = 0;
    for (int r = 0; r < n; r++) {
      for (int c = 0; c < n; c++) {
        energy += (after[r] - before[r]) * matrix[r][c] * (after[c] - before[c]) / 2;
      }
    }
    return energy;
  }
}
