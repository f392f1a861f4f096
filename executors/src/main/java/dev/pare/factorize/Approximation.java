package dev.pare.factorize;

import dev.pare.candidate.Factorize;
import dev.pare.train.LayerInputs.Moments;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Factors of one matrix of weights, if they have fewer numbers. */
final class Approximation {
  /** What is added to the diagonal of inputs' second moments, in units of its mean. */
  private static final double DAMPING = 1e-4;

  private final Factorize settings;

  Approximation(Factorize settings) {
    this.settings = settings;
  }

  /**
   * Factors instead of a matrix. Columns that are all zero are those of inputs that never vary;
   * they take no part, and stay zero.
   *
   * @param inputs of what the columns are multiplied by, asked only by {@link Factorize.Method#ALS}
   * @param extra numbers that a rank costs beside a row and a column
   * @return nothing if the factors have no fewer numbers than the matrix
   */
  Optional<LowRank> of(Matrix weights, Supplier<Moments> inputs, int extra) {
    int[] live = live(weights);
    if (live.length == 0) {
      return Optional.empty();
    }
    Matrix matrix = weights.select(live);
    int count = beside(matrix);
    LowRank factors =
        switch (settings.method()) {
          case NONE -> throw new IllegalArgumentException("nothing to do");
          case SVD -> {
            LowRank nearest = Truncation.nearest(settings, matrix);
            yield settings.sparseResidual() == 0
                ? nearest
                : SparseResidual.fit(matrix, nearest, count);
          }
          case THRESHOLD -> Truncation.shrunk(settings, matrix);
          case ALS -> fitted(matrix, damped(inputs.get(), live));
        };
    long numbers = (long) factors.rank() * each(matrix, extra) + count;
    return numbers < matrix.values().length
        ? Optional.of(factors.spread(live, weights.columns()))
        : Optional.empty();
  }

  /**
   * The ranks that there are to choose from, by the singular values that the method goes by: of the
   * matrix, or of what the layer says.
   *
   * @param inputs as of {@link #of}
   * @param extra as of {@link #of}
   * @return nothing if all columns are zero
   */
  Optional<RankAllotment.Part> part(Matrix weights, Supplier<Moments> inputs, int extra) {
    int[] live = live(weights);
    if (live.length == 0) {
      return Optional.empty();
    }
    Matrix matrix = weights.select(live);
    double[] values =
        settings.method() == Factorize.Method.ALS
            ? outputs(matrix, damped(inputs.get(), live))
            : Svd.of(matrix).values();
    return Optional.of(
        new RankAllotment.Part(
            values,
            Math.min(matrix.rows(), matrix.columns()),
            matrix.values().length,
            each(matrix, extra),
            beside(matrix)));
  }

  private static int[] live(Matrix weights) {
    return IntStream.range(0, weights.columns())
        .filter(column -> !isZero(weights, column))
        .toArray();
  }

  /** Numbers that a rank costs. */
  private static int each(Matrix matrix, int extra) {
    return matrix.rows() + matrix.columns() + extra;
  }

  /** Numbers of the sparse matrix beside the product. */
  private int beside(Matrix matrix) {
    return (int) Math.round(settings.sparseResidual() * matrix.values().length);
  }

  /** The singular values of what the layer says. */
  private static double[] outputs(Matrix weights, Matrix moments) {
    Svd squared = Svd.of(weights.times(moments).times(weights.transposed()));
    double[] values = new double[squared.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.sqrt(squared.values()[i]);
    }
    return values;
  }

  private static boolean isZero(Matrix matrix, int column) {
    return IntStream.range(0, matrix.rows()).allMatch(row -> matrix.at(row, column) == 0);
  }

  private LowRank fitted(Matrix weights, Matrix moments) {
    double[] values = outputs(weights, moments);
    Matrix start = Svd.of(weights).right();
    int full = Math.min(weights.rows(), weights.columns());
    int rank = Math.min(start.rows(), Truncation.rank(settings, values, full));
    Alternation.Factors factors = Alternation.fit(weights, moments, start.top(rank));
    return LowRank.balanced(factors.orthonormal(), factors.right());
  }

  private static Matrix damped(Moments inputs, int[] live) {
    int all = inputs.mean().length;
    Matrix moments = new Matrix(live.length, live.length);
    double trace = 0;
    for (int r = 0; r < live.length; r++) {
      for (int c = 0; c < live.length; c++) {
        moments.set(r, c, inputs.covariance()[live[r] * all + live[c]]);
      }
      trace += moments.at(r, r);
    }
    double damping = DAMPING * (trace > 0 ? trace / live.length : 1);
    for (int i = 0; i < live.length; i++) {
      moments.set(i, i, moments.at(i, i) + damping);
    }
    return moments;
  }
}
