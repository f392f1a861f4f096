package dev.pare.quantize;

import dev.pare.sparsify.Elimination;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Rounds the weights of a layer column by column, those that are not rounded yet making up for the
 * error as well as they can (Optimal Brain Surgeon, Hassibi and Stork 1993; in one order for all
 * units, with one Cholesky factor, GPTQ: Frantar et al. 2023): what a unit's outputs change is
 * {@code δᵀHδ}, H being the second moments of the layer's inputs.
 *
 * <p>Columns come in the order of their inputs' mean squares, the largest first, while most are
 * left to make up.
 */
final class CompensatedRounding {
  private final int columns;

  /** Which column comes when. */
  private final int[] order;

  /** In that order: U of {@code H⁻¹ = UᵀU}, upper triangular, row-major. */
  private final double[] factor;

  /**
   * @param moments second moments of what the columns are multiplied by, row-major; not changed
   * @param damping what is added to their diagonal, in units of its mean
   */
  CompensatedRounding(double[] moments, int columns, double damping) {
    this.columns = columns;
    double trace = 0;
    for (int i = 0; i < columns; i++) {
      trace += moments[i * columns + i];
    }
    double added = trace > 0 ? damping * trace / columns : 1;
    order =
        IntStream.range(0, columns)
            .boxed()
            .sorted(Comparator.comparing(c -> -moments[c * columns + c]))
            .mapToInt(c -> c)
            .toArray();
    // From the last to the first, so that L·Lᵀ of it is V·Vᵀ of the order itself, V being upper.
    double[] reversed = new double[columns * columns];
    for (int r = 0; r < columns; r++) {
      for (int c = 0; c < columns; c++) {
        int from = order[columns - 1 - r];
        reversed[r * columns + c] = moments[from * columns + order[columns - 1 - c]];
      }
      reversed[r * columns + r] += added;
    }
    Elimination.decompose(reversed, columns);
    factor = inverted(reversed);
  }

  /** The level of a weight. */
  interface Levels {
    int nearest(int column, double weight);
  }

  /**
   * The levels of a unit.
   *
   * @param weights of its columns
   * @param scale from a level to the next
   * @param nearest which a column's weight may have
   */
  short[] round(float[] weights, double scale, Levels nearest) {
    double[] left = new double[columns];
    for (int i = 0; i < columns; i++) {
      left[i] = weights[order[i]];
    }
    short[] levels = new short[columns];
    for (int i = 0; i < columns; i++) {
      int level = nearest.nearest(order[i], left[i]);
      levels[order[i]] = (short) level;
      double error = (left[i] - level * scale) / factor[i * columns + i];
      if (error != 0) {
        for (int j = i + 1; j < columns; j++) {
          left[j] -= error * factor[i * columns + j];
        }
      }
    }
    return levels;
  }

  /** The inverse of the upper triangle that a lower one is backwards. */
  private double[] inverted(double[] lower) {
    double[] inverse = new double[columns * columns];
    for (int c = 0; c < columns; c++) {
      inverse[c * columns + c] = 1 / upper(lower, c, c);
      for (int r = c - 1; r >= 0; r--) {
        double sum = 0;
        for (int k = r + 1; k <= c; k++) {
          sum -= upper(lower, r, k) * inverse[k * columns + c];
        }
        inverse[r * columns + c] = sum / upper(lower, r, r);
      }
    }
    return inverse;
  }

  private double upper(double[] lower, int row, int column) {
    return lower[(columns - 1 - row) * columns + columns - 1 - column];
  }
}
