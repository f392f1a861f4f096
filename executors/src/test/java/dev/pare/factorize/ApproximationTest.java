package dev.pare.factorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Factorize;
import dev.pare.candidate.Training;
import dev.pare.train.LayerInputs.Moments;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApproximationTest {
  private static final long SEED = Long.getLong("test.seed", 6);
  private static final Factorize SVD =
      Factorize.none(new Training(0, 1, 1, Training.Decay.NONE, 0, 1, 0))
          .but()
          .method(Factorize.Method.SVD)
          .build();

  private final SplittableRandom random = new SplittableRandom(SEED);

  private static Moments unasked() {
    throw new AssertionError("inputs were asked");
  }

  /** With singular values that fall by a third each. */
  private Matrix decaying(int rows, int columns) {
    Svd svd = Svd.of(SvdTest.random(rows, columns, random));
    double[] values = svd.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.pow(1.5, -i);
    }
    return svd.product(svd.count(), values).product();
  }

  private static double squares(double[] values, int from) {
    return Arrays.stream(values, from, values.length).map(v -> v * v).sum();
  }

  @Test
  void aShareOfTheFullRankStays() {
    Matrix matrix = SvdTest.random(40, 60, random);

    assertThat(
            new Approximation(SVD.but().rank(0.25).build())
                .of(matrix, ApproximationTest::unasked, 0))
        .hasValueSatisfying(factors -> assertThat(factors.rank()).isEqualTo(10));
    assertThat(
            new Approximation(SVD.but().rank(0.001).build())
                .of(matrix, ApproximationTest::unasked, 0))
        .hasValueSatisfying(factors -> assertThat(factors.rank()).isEqualTo(1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.8, 0.95, 0.999})
  void theFewestSingularValuesOfAShareOfTheEnergyStay(double energy) {
    Matrix matrix = decaying(40, 60);
    LowRank factors =
        new Approximation(SVD.but().energy(energy).build())
            .of(matrix, ApproximationTest::unasked, 0)
            .orElseThrow();

    double[] all = SvdTest.reference(matrix).getSingularValues();
    double total = squares(all, 0);
    assertThat(factors.product().squares() / total).isGreaterThanOrEqualTo(energy - 1e-12);
    assertThat(1 - squares(all, factors.rank() - 1) / total).isLessThan(energy);
  }

  @Test
  void singularValueThresholdingIsTheProximityOfTheNuclearNorm() {
    Matrix matrix = decaying(20, 30);
    LowRank factors =
        new Approximation(
                SVD.but().method(Factorize.Method.THRESHOLD).singularThreshold(0.2).build())
            .of(matrix, ApproximationTest::unasked, 0)
            .orElseThrow();

    double taken = 0.2 * SvdTest.reference(matrix).getSingularValues()[0];
    double[] left =
        Arrays.stream(SvdTest.reference(matrix).getSingularValues())
            .map(value -> value - taken)
            .filter(value -> value > 0)
            .toArray();
    Matrix product = factors.product();
    assertThat(factors.rank()).isEqualTo(left.length);
    assertThat(Arrays.copyOf(SvdTest.reference(product).getSingularValues(), left.length))
        .containsExactly(left, within(1e-9));
    double least = proximity(matrix, product, taken);
    for (int trial = 0; trial < 50; trial++) {
      Matrix other = product.copy();
      Matrix.add(0.01, SvdTest.random(20, 30, random).values(), 0, other.values(), 0, 20 * 30);
      assertThat(proximity(matrix, other, taken)).isGreaterThan(least);
    }
    assertThat(proximity(matrix, matrix, taken)).isGreaterThan(least);
  }

  private static double proximity(Matrix matrix, Matrix at, double taken) {
    double nuclear = Arrays.stream(SvdTest.reference(at).getSingularValues()).sum();
    return matrix.minus(at).squares() / 2 + taken * nuclear;
  }

  /** Second moments of inputs that vary much more in some directions than in others. */
  private Matrix anisotropic(int n) {
    Matrix basis = Svd.of(SvdTest.random(n, n, random)).left();
    Matrix scaled = basis.copy();
    for (int r = 0; r < n; r++) {
      for (int c = 0; c < n; c++) {
        scaled.set(r, c, Math.pow(0.6, r) * basis.at(r, c));
      }
    }
    return basis.transposed().times(scaled);
  }

  private static double outputError(Matrix weights, Matrix product, Matrix moments) {
    Matrix lost = weights.minus(product);
    return Matrix.dot(lost.times(moments).values(), 0, lost.values(), 0, lost.values().length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6})
  void alternatingLeastSquaresComesToReducedRankRegression(int rank) {
    Matrix weights = SvdTest.random(14, 20, random);
    Matrix moments = anisotropic(20);
    LowRank factors =
        new Approximation(SVD.but().method(Factorize.Method.ALS).rank(rank / 14.0).build())
            .of(weights, () -> new Moments(new double[20], moments.values()), 0)
            .orElseThrow();

    assertThat(factors.rank()).isEqualTo(rank);
    Matrix nearest = Truncation.nearest(SVD.but().rank(rank / 14.0).build(), weights).product();
    double error = outputError(weights, factors.product(), moments);
    assertThat(error).isLessThan(0.9 * outputError(weights, nearest, moments));
    Matrix closed = reducedRankRegression(weights, moments, rank);
    assertThat(error).isCloseTo(outputError(weights, closed, moments), within(1e-4));
    assertThat(error).isGreaterThan(outputError(weights, closed, moments) - 1e-9);
  }

  /** The closed form: W·L cut to the rank, with H = L·Lᵀ, then times the inverse of L. */
  private static Matrix reducedRankRegression(Matrix weights, Matrix moments, int rank) {
    RealMatrix w = real(weights);
    RealMatrix root = new CholeskyDecomposition(real(moments), 1e-8, 0).getL();
    SingularValueDecomposition svd = new SingularValueDecomposition(w.multiply(root));
    RealMatrix u = svd.getU().getSubMatrix(0, weights.rows() - 1, 0, rank - 1);
    RealMatrix best = u.multiply(u.transpose()).multiply(w);
    Matrix closed = new Matrix(weights.rows(), weights.columns());
    for (int r = 0; r < closed.rows(); r++) {
      System.arraycopy(best.getRow(r), 0, closed.values(), r * closed.columns(), closed.columns());
    }
    return closed;
  }

  private static RealMatrix real(Matrix matrix) {
    RealMatrix real = new Array2DRowRealMatrix(matrix.rows(), matrix.columns());
    for (int r = 0; r < matrix.rows(); r++) {
      for (int c = 0; c < matrix.columns(); c++) {
        real.setEntry(r, c, matrix.at(r, c));
      }
    }
    return MatrixUtils.createRealMatrix(real.getData());
  }

  @Test
  void energyOfAlternatingLeastSquaresIsTheOutputs() {
    Matrix weights = SvdTest.random(14, 20, random);
    Matrix moments = anisotropic(20);
    LowRank factors =
        new Approximation(SVD.but().method(Factorize.Method.ALS).energy(0.9).build())
            .of(weights, () -> new Moments(new double[20], moments.values()), 0)
            .orElseThrow();

    double all = outputError(weights, new Matrix(14, 20), moments);
    double lost = outputError(weights, factors.product(), moments) / all;
    assertThat(lost).isLessThan(0.1 + 1e-6);
    assertThat(
            outputError(
                    weights, reducedRankRegression(weights, moments, factors.rank() - 1), moments)
                / all)
        .isGreaterThan(0.1);
  }

  @Test
  void lowRankAndSparseFindsWhatItWasMadeOf() {
    Matrix low = SvdTest.random(30, 4, random).times(SvdTest.random(4, 40, random));
    Matrix matrix = low.copy();
    int[] places = random.ints(0, 1200).distinct().limit(18).toArray();
    for (int place : places) {
      matrix.values()[place] += random.nextBoolean() ? 20 : -20;
    }
    Factorize settings = SVD.but().rank(4 / 30.0).sparseResidual(18 / 1200.0).build();
    LowRank factors =
        new Approximation(settings).of(matrix, ApproximationTest::unasked, 0).orElseThrow();

    assertThat(factors.sparseResidual()).isNotNull();
    for (int i = 0; i < 1200; i++) {
      int at = i;
      boolean added = Arrays.stream(places).anyMatch(place -> place == at);
      assertThat(factors.sparseResidual().values()[i] != 0).isEqualTo(added);
    }
    assertThat(factors.product().values()).containsExactly(matrix.values(), within(0.1));
    assertThat(factors.left().times(factors.right()).values())
        .containsExactly(low.values(), within(0.1));
  }

  @Test
  void moreTurnsOfLowRankAndSparseNeverRaiseTheError() {
    Matrix matrix = SvdTest.random(30, 40, random);
    LowRank start = Truncation.nearest(SVD.but().rank(0.2).build(), matrix);
    Matrix sparseResidual = SparseResidual.largest(matrix.minus(start.product()), 60);
    Matrix right = start.right();
    double before = matrix.minus(start.product()).minus(sparseResidual).squares();
    for (int turn = 0; turn < 20; turn++) {
      Alternation.Factors factors = Alternation.step(matrix.minus(sparseResidual), right);
      double product = matrix.minus(sparseResidual).minus(factors.product()).squares();
      sparseResidual = SparseResidual.largest(matrix.minus(factors.product()), 60);
      double both = matrix.minus(factors.product()).minus(sparseResidual).squares();
      assertThat(product).isLessThanOrEqualTo(before + 1e-9);
      assertThat(both).isLessThanOrEqualTo(product + 1e-9);
      before = both;
      right = factors.right();
    }

    LowRank fitted = SparseResidual.fit(matrix, start, 60);
    Matrix first = SparseResidual.largest(matrix.minus(start.product()), 60);
    assertThat(matrix.minus(fitted.product()).squares())
        .isLessThan(matrix.minus(start.product()).minus(first).squares());
  }

  @Test
  void aSparseResidualHasExactlyAsManyNumbersAsAskedForEvenOfEqualOnes() {
    Matrix matrix = new Matrix(3, 4);
    Arrays.fill(matrix.values(), -2);
    matrix.set(1, 1, 5);
    Matrix largest = SparseResidual.largest(matrix, 4);

    assertThat(largest.values()).containsExactly(-2, -2, -2, 0, 0, 5, 0, 0, 0, 0, 0, 0);
    assertThat(SparseResidual.largest(matrix, 0).values()).containsOnly(0);
  }

  @Test
  void factorsOfNoFewerNumbersAreNone() {
    Matrix matrix = SvdTest.random(10, 10, random);

    // A rank of 5 has 100 numbers, as the matrix has.
    assertThat(of(matrix, 0.5, 0)).isEmpty();
    assertThat(of(matrix, 0.4, 0)).isPresent();
    assertThat(of(matrix, 0.4, 5)).isEmpty();
    assertThat(
            new Approximation(SVD.but().rank(0.4).sparseResidual(0.2).build())
                .of(matrix, ApproximationTest::unasked, 0))
        .isEmpty();
    assertThat(
            new Approximation(SVD.but().rank(0.4).sparseResidual(0.19).build())
                .of(matrix, ApproximationTest::unasked, 0))
        .isPresent();
  }

  private static Optional<LowRank> of(Matrix matrix, double rank, int extra) {
    return new Approximation(SVD.but().rank(rank).build())
        .of(matrix, ApproximationTest::unasked, extra);
  }

  @Test
  void columnsOfNothingTakeNoPartAndStayZero() {
    Matrix matrix = SvdTest.random(8, 12, random);
    for (int row = 0; row < 8; row++) {
      matrix.set(row, 3, 0);
      matrix.set(row, 11, 0);
    }
    LowRank factors = of(matrix, 0.5, 0).orElseThrow();

    for (int k = 0; k < factors.rank(); k++) {
      assertThat(factors.right().at(k, 3)).isZero();
      assertThat(factors.right().at(k, 11)).isZero();
    }
    assertThat(of(new Matrix(5, 6), 0.2, 0)).isEmpty();
    // Of ten columns that say something a rank of 4 has 72 numbers, not fewer than 80 are there.
    assertThat(of(matrix, 0.6, 0)).isEmpty();
  }
}
