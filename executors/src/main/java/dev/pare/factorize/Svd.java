package dev.pare.factorize;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The singular value decomposition of a matrix, {@code W = Σ σᵢ·uᵢ·vᵢᵀ}, of the singular values
 * that are not zero up to rounding, the largest first.
 *
 * <p>By Householder reflections with pivoting to a triangular matrix, whose rows are then made
 * orthogonal by plane rotations of pairs of them (one-sided Jacobi; Drmač and Veselić 2008): the
 * pivoting puts the long rows first, so that few sweeps are needed.
 */
final class Svd {
  private static final int MOST_SWEEPS = 60;

  /** Cosine of rows that count as orthogonal. */
  private static final double ORTHOGONAL = 1e-13;

  private final double[] values;
  private final Matrix left;
  private final Matrix right;

  private Svd(double[] values, Matrix left, Matrix right) {
    this.values = values;
    this.left = left;
    this.right = right;
  }

  /**
   * @param matrix left as it is
   */
  static Svd of(Matrix matrix) {
    if (matrix.rows() > matrix.columns()) {
      Svd transposed = of(matrix.transposed());
      return new Svd(transposed.values, /* left= */ transposed.right, /* right= */ transposed.left);
    }
    int n = matrix.rows();
    int[] order = IntStream.range(0, n).toArray();
    double[] triangle = triangle(matrix.copy(), order);
    orthogonalize(triangle, n);
    double[] lengths = new double[n];
    for (int row = 0; row < n; row++) {
      lengths[row] = Math.sqrt(Matrix.dot(triangle, row * n, triangle, row * n, n));
    }
    int[] sorted =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(row -> -lengths[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    double least = lengths[sorted[0]] * matrix.columns() * Math.ulp(1.0);
    int count = (int) Arrays.stream(lengths).filter(length -> length > least).count();
    double[] values = new double[count];
    Matrix left = new Matrix(count, n);
    for (int i = 0; i < count; i++) {
      int row = sorted[i];
      values[i] = lengths[row];
      for (int column = 0; column < n; column++) {
        left.set(i, order[column], triangle[row * n + column] / lengths[row]);
      }
    }
    Matrix right = left.times(matrix);
    for (int i = 0; i < count; i++) {
      for (int column = 0; column < matrix.columns(); column++) {
        right.set(i, column, right.at(i, column) / values[i]);
      }
    }
    return new Svd(values, left, right);
  }

  /**
   * R of {@code Bᵀ·P = Q·R}, row-major: the longest row that is left of {@code B} comes next.
   *
   * @param b no more rows than columns; overwritten
   * @param order of B's rows, put into that of R's columns
   */
  private static double[] triangle(Matrix b, int[] order) {
    int n = b.rows();
    int m = b.columns();
    double[] a = b.values();
    double[] triangle = new double[n * n];
    for (int k = 0; k < n; k++) {
      int longest = k;
      double most = -1;
      for (int row = k; row < n; row++) {
        double squares = Matrix.dot(a, row * m + k, a, row * m + k, m - k);
        if (squares > most) {
          most = squares;
          longest = row;
        }
      }
      swap(a, k * m, longest * m, m);
      for (int i = 0; i < k; i++) {
        swap(triangle, i * n + k, i * n + longest, 1);
      }
      int held = order[k];
      order[k] = order[longest];
      order[longest] = held;
      int at = k * m + k;
      double length = a[at] > 0 ? -Math.sqrt(most) : Math.sqrt(most);
      triangle[k * n + k] = length;
      a[at] -= length;
      double squares = Matrix.dot(a, at, a, at, m - k);
      for (int row = k + 1; row < n; row++) {
        int there = row * m + k;
        if (squares > 0) {
          double factor = -2 * Matrix.dot(a, at, a, there, m - k) / squares;
          Matrix.add(factor, a, at, a, there, m - k);
        }
        triangle[k * n + row] = a[there];
      }
    }
    return triangle;
  }

  private static void swap(double[] values, int one, int other, int length) {
    for (int i = 0; one != other && i < length; i++) {
      double held = values[one + i];
      values[one + i] = values[other + i];
      values[other + i] = held;
    }
  }

  /** Rotates rows until they are orthogonal. */
  private static void orthogonalize(double[] rows, int n) {
    double[] squares = new double[n];
    boolean rotated = true;
    for (int sweep = 0; rotated && sweep < MOST_SWEEPS; sweep++) {
      rotated = false;
      for (int row = 0; row < n; row++) {
        squares[row] = Matrix.dot(rows, row * n, rows, row * n, n);
      }
      for (int p = 0; p < n - 1; p++) {
        for (int q = p + 1; q < n; q++) {
          double product = Matrix.dot(rows, p * n, rows, q * n, n);
          double both = Math.max(0, squares[p]) * Math.max(0, squares[q]);
          if (Math.abs(product) > ORTHOGONAL * Math.sqrt(both)) {
            rotated = true;
            double zeta = (squares[q] - squares[p]) / (2 * product);
            double size = 1 / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
            double tangent = zeta < 0 ? -size : size;
            double cosine = 1 / Math.sqrt(1 + tangent * tangent);
            rotate(rows, p * n, q * n, cosine, cosine * tangent, n);
            squares[p] -= tangent * product;
            squares[q] += tangent * product;
          }
        }
      }
    }
  }

  private static void rotate(double[] rows, int p, int q, double cosine, double sine, int length) {
    for (int i = 0; i < length; i++) {
      double one = rows[p + i];
      double other = rows[q + i];
      rows[p + i] = cosine * one - sine * other;
      rows[q + i] = sine * one + cosine * other;
    }
  }

  /** How many singular values are not zero. */
  int count() {
    return values.length;
  }

  /** The singular values themselves, descending. */
  double[] values() {
    return values;
  }

  /** A left singular vector a row. */
  Matrix left() {
    return left;
  }

  /** A right singular vector a row. */
  Matrix right() {
    return right;
  }

  /**
   * The product of the first {@code rank} singular vectors with other singular values, a root of
   * each in either factor: so a number counts as much in the one as in the other.
   */
  LowRank product(int rank, double[] singular) {
    Matrix u = new Matrix(left.columns(), rank);
    Matrix v = new Matrix(rank, right.columns());
    for (int i = 0; i < rank; i++) {
      double root = Math.sqrt(singular[i]);
      for (int row = 0; row < u.rows(); row++) {
        u.set(row, i, root * left.at(i, row));
      }
      for (int column = 0; column < v.columns(); column++) {
        v.set(i, column, root * right.at(i, column));
      }
    }
    return new LowRank(u, v);
  }
}
