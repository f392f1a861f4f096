package dev.pare.factorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SvdTest {
  private static final long SEED = Long.getLong("test.seed", 5);

  static Matrix random(int rows, int columns, SplittableRandom random) {
    Matrix matrix = new Matrix(rows, columns);
    for (int i = 0; i < matrix.values().length; i++) {
      matrix.values()[i] = random.nextGaussian();
    }
    return matrix;
  }

  static SingularValueDecomposition reference(Matrix matrix) {
    double[][] rows = new double[matrix.rows()][matrix.columns()];
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < rows[r].length; c++) {
        rows[r][c] = matrix.at(r, c);
      }
    }
    return new SingularValueDecomposition(new Array2DRowRealMatrix(rows, false));
  }

  private static Matrix product(Svd svd) {
    return svd.product(svd.count(), svd.values()).product();
  }

  private static void checkOrthonormal(Matrix rows) {
    Matrix products = rows.times(rows.transposed());
    for (int r = 0; r < products.rows(); r++) {
      for (int c = 0; c < products.columns(); c++) {
        assertThat(products.at(r, c)).isCloseTo(r == c ? 1 : 0, within(1e-10));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,7", "6,1", "5,5", "9,4", "4,9", "30,41", "64,17"})
  void isThatOfCommonsMath(int rows, int columns) {
    Matrix matrix = random(rows, columns, new SplittableRandom(SEED));
    Svd svd = Svd.of(matrix);

    assertThat(svd.values()).containsExactly(reference(matrix).getSingularValues(), within(1e-10));
    checkOrthonormal(svd.left());
    checkOrthonormal(svd.right());
    assertThat(product(svd).values()).containsExactly(matrix.values(), within(1e-10));
  }

  @Test
  void leavesOutSingularValuesThatAreZero() {
    SplittableRandom random = new SplittableRandom(SEED);
    Matrix matrix = random(12, 3, random).times(random(3, 20, random));
    for (int row = 0; row < 12; row++) {
      matrix.set(row, 4, 0);
    }
    Svd svd = Svd.of(matrix);

    assertThat(svd.count()).isEqualTo(3);
    assertThat(product(svd).values()).containsExactly(matrix.values(), within(1e-10));
    assertThat(Svd.of(new Matrix(3, 4)).count()).isZero();
  }

  @Test
  void findsSmallSingularValuesBesideLargeOnes() {
    SplittableRandom random = new SplittableRandom(SEED);
    Matrix left = Svd.of(random(10, 10, random)).left();
    Matrix right = Svd.of(random(10, 15, random)).right();
    Matrix scaled = right.copy();
    for (int row = 0; row < 10; row++) {
      for (int column = 0; column < 15; column++) {
        scaled.set(row, column, Math.pow(10, -row) * right.at(row, column));
      }
    }

    double[] values = Svd.of(left.times(scaled)).values();

    for (int i = 0; i < 10; i++) {
      assertThat(values[i]).isCloseTo(Math.pow(10, -i), within(1e-13));
    }
  }

  @Test
  void truncatedItIsNearerThanAnyOtherProductOfItsRank() {
    SplittableRandom random = new SplittableRandom(SEED);
    Matrix matrix = random(12, 18, random);
    Svd svd = Svd.of(matrix);
    double[] all = reference(matrix).getSingularValues();
    for (int rank = 1; rank < 12; rank++) {
      LowRank factors = svd.product(rank, svd.values());
      double error = matrix.minus(factors.product()).squares();
      double expected = 0;
      for (int i = rank; i < all.length; i++) {
        expected += all[i] * all[i];
      }
      // Eckart and Young: what is lost is what the singular values left out have.
      assertThat(error).isCloseTo(expected, within(1e-9));
      for (int trial = 0; trial < 20; trial++) {
        Matrix left = moved(factors.left(), random);
        Matrix right = moved(factors.right(), random);
        assertThat(matrix.minus(left.times(right)).squares()).isGreaterThan(error);
      }
    }
  }

  private static Matrix moved(Matrix matrix, SplittableRandom random) {
    Matrix moved = matrix.copy();
    for (int i = 0; i < moved.values().length; i++) {
      moved.values()[i] += 0.05 * random.nextGaussian();
    }
    return moved;
  }

  @Test
  void factorsAreBalanced() {
    LowRank factors =
        Svd.of(random(8, 20, new SplittableRandom(SEED))).product(3, new double[] {9, 4, 1});

    for (int i = 0; i < 3; i++) {
      int k = i;
      double left = 0;
      for (int row = 0; row < 8; row++) {
        left += Math.pow(factors.left().at(row, k), 2);
      }
      double right = 0;
      for (int column = 0; column < 20; column++) {
        right += Math.pow(factors.right().at(k, column), 2);
      }
      assertThat(left).isCloseTo(new double[] {9, 4, 1}[i], within(1e-10));
      assertThat(right).isCloseTo(left, within(1e-10));
    }
  }
}
