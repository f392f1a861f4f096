package dev.pare.factorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.factorize.RankAllotment.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RankAllotmentTest {
  private static final long SEED = Long.getLong("test.seed", 12);

  /** A matrix by its sides and singular values. */
  private record Sides(int rows, int columns, double[] values) {
    private Part part() {
      return new Part(values, Math.min(rows, columns), rows * columns, rows + columns, 0);
    }

    /** Numbers of a product, or of the matrix where that takes no more. */
    private int numbers(int rank) {
      return Math.min(rows * columns, rank * (rows + columns));
    }

    /** By Eckart and Young, relative to the matrix; nothing where the matrix itself stays. */
    private double error(int rank) {
      if (rank * (rows + columns) >= rows * columns) {
        return 0;
      }
      double all = Arrays.stream(values).map(v -> v * v).sum();
      return Arrays.stream(values).skip(rank).map(v -> v * v).sum() / all;
    }
  }

  private static Sides squares(int rows, int columns, double... squares) {
    return new Sides(rows, columns, Arrays.stream(squares).map(Math::sqrt).toArray());
  }

  private static int[] ranks(double budget, Sides... matrices) {
    return RankAllotment.ranks(Arrays.stream(matrices).map(Sides::part).toList(), budget);
  }

  @Test
  void ranksGoWhereTheyLowerTheErrorMost() {
    Sides one = squares(10, 10, 90, 9, 1);
    Sides other = squares(10, 10, 50, 30, 20);

    assertThat(ranks(0.2, one, other)).containsExactly(1, 1);
    assertThat(ranks(0.3, one, other)).containsExactly(1, 2);
    assertThat(ranks(0.4, one, other)).containsExactly(1, 3);
    assertThat(ranks(0.5, one, other)).containsExactly(2, 3);
    assertThat(ranks(0.6, one, other)).containsExactly(3, 3);
    assertThat(ranks(1, one, other)).containsExactly(3, 3);
  }

  @Test
  void errorsAreRelativeToTheirMatrix() {
    Sides small = squares(10, 10, 3, 2, 1);
    Sides large = squares(10, 10, 9000, 200, 100);

    assertThat(ranks(0.3, small, large)).containsExactly(2, 1);
  }

  @Test
  void aRankThatTakesMoreNumbersMustGiveMore() {
    Sides narrow = squares(5, 20, 60, 40);
    Sides wide = squares(20, 30, 50, 50);

    // 0.4 for 25 numbers, 0.5 for 50.
    assertThat(ranks(125.0 / 700, narrow, wide)).containsExactly(2, 1);
  }

  @Test
  void ofEqualStepsTheFirstMatrixGetsIt() {
    Sides one = squares(10, 10, 2, 1);

    assertThat(ranks(0.2, one, one, one)).containsExactly(1, 1, 1);
    assertThat(ranks(80.0 / 300, one, one, one)).containsExactly(2, 1, 1);
    assertThat(ranks(100.0 / 300, one, one, one)).containsExactly(2, 2, 1);
  }

  @Test
  void oneRankStaysEvenWhereThatIsMoreThanTheBudget() {
    Sides one = squares(10, 10, 2, 1);

    assertThat(ranks(0.01, one, one)).containsExactly(1, 1);
  }

  @Test
  void aMatrixStaysWholeWhereItsProductsAreWorthLessForTheirNumbers() {
    double[] flat = new double[10];
    Arrays.fill(flat, 1);
    Sides one = new Sides(10, 10, flat);

    int[] ranks = ranks(0.6, one, one);
    // A rank takes a tenth of the error away for 20 numbers, all of the first matrix nine for 80.
    assertThat(ranks).containsExactly(5, 1);
    assertThat(one.part().share(5)).isEqualTo(1);
    assertThat(one.part().share(4)).isEqualTo(0.4);
  }

  /** The least error of all ranks within a budget of numbers. */
  private static double least(List<Sides> matrices, int at, long budget) {
    if (at == matrices.size()) {
      return 0;
    }
    Sides matrix = matrices.get(at);
    double least = Double.POSITIVE_INFINITY;
    for (int rank = 1; rank <= matrix.values.length; rank++) {
      long left = budget - matrix.numbers(rank);
      if (left >= 0) {
        least = Math.min(least, matrix.error(rank) + least(matrices, at + 1, left));
      }
    }
    return least;
  }

  @RepeatedTest(20)
  void noRanksOfFewerNumbersByOneRankHaveASmallerError(RepetitionInfo repetition) {
    SplittableRandom random = new SplittableRandom(SEED + repetition.getCurrentRepetition());
    List<Sides> matrices = new ArrayList<>();
    int most = 0;
    long all = 0;
    for (int i = 0; i < 3; i++) {
      int rows = random.nextInt(5, 14);
      int columns = random.nextInt(5, 14);
      double decay = random.nextDouble(0.3, 0.8);
      double[] values = new double[Math.min(rows, columns)];
      for (int k = 0; k < values.length; k++) {
        values[k] = (1 + random.nextDouble(0.2)) * Math.pow(decay, k);
      }
      Arrays.sort(values);
      for (int k = 0; k < values.length / 2; k++) {
        double held = values[k];
        values[k] = values[values.length - 1 - k];
        values[values.length - 1 - k] = held;
      }
      matrices.add(new Sides(rows, columns, values));
      most = Math.max(most, rows + columns);
      all += rows * columns;
    }
    for (double share = 0.3; share <= 1; share += 0.05) {
      int[] ranks = ranks(share, matrices.toArray(Sides[]::new));
      long budget = (long) Math.floor(share * all);
      double error = 0;
      long used = 0;
      long least = 0;
      for (int i = 0; i < ranks.length; i++) {
        error += matrices.get(i).error(ranks[i]);
        used += matrices.get(i).numbers(ranks[i]);
        least += matrices.get(i).numbers(1);
      }
      assertThat(used).isLessThanOrEqualTo(Math.max(budget, least));
      if (budget >= least) {
        assertThat(error)
            .as("seed %d, %s, budget %d of %d", SEED, repetition, budget, all)
            .isGreaterThanOrEqualTo(least(matrices, 0, budget) - 1e-12)
            .isLessThanOrEqualTo(least(matrices, 0, budget - most) + 1e-12);
        // What they use, nobody uses better by much.
        assertThat(error).isCloseTo(least(matrices, 0, used), within(0.03));
      }
    }
  }
}
