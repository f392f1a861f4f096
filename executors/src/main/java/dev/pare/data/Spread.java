package dev.pare.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far the numbers of each column lie apart: their standard deviation, and the distance between
 * their quartiles, which a few outliers do not change. Of a sample, evenly spaced.
 */
final class Spread {
  private static final int MOST_ROWS = 1024;
  private static final int MOST_COLUMNS = 4096;

  /** Of fewer rows too little follows. */
  private static final int FEWEST_ROWS = 20;

  /** Of fewer columns no typical one can be told. */
  private static final int FEWEST_COLUMNS = 5;

  /** Samples of the same scale differ by less. */
  private static final double FAR = 10;

  private final int rows;
  private final int[] columns;
  private final double[] deviations;
  private final double[] quartiles;

  private Spread(int rows, int[] columns) {
    this.rows = rows;
    this.columns = columns;
    this.deviations = new double[columns.length];
    this.quartiles = new double[columns.length];
  }

  static Spread of(Rows all) {
    int rows = Math.min(MOST_ROWS, all.size());
    int[] columns = spaced(Math.min(MOST_COLUMNS, all.width()), all.width());
    float[][] values = sample(all, rows, columns);
    Spread spread = new Spread(rows, columns);
    for (int c = 0; c < columns.length; c++) {
      Arrays.sort(values[c]);
      spread.quartiles[c] = (double) values[c][3 * rows / 4] - values[c][rows / 4];
      spread.deviations[c] = deviation(values[c]);
    }
    return spread;
  }

  /** Evenly spaced rows, {@code [column][row]}. */
  static float[][] sample(Rows all, int rows, int[] columns) {
    float[][] values = new float[columns.length][rows];
    float[] row = new float[all.width()];
    for (int i = 0; i < rows; i++) {
      all.copy((int) ((long) i * all.size() / rows), row);
      for (int c = 0; c < columns.length; c++) {
        values[c][i] = row[columns[c]];
      }
    }
    return values;
  }

  /** So many of the numbers below {@code all}, evenly spaced. */
  static int[] spaced(int count, int all) {
    int[] spaced = new int[count];
    Arrays.setAll(spaced, i -> (int) ((long) i * all / count));
    return spaced;
  }

  private static double deviation(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double squares = 0;
    for (float value : values) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / values.length);
  }

  /**
   * Columns of other rows that lie farther apart, or less far, than here.
   *
   * @param columns counted from 1; empty if only a typical one does
   * @param factor how many times as far; below 1 for less
   */
  record Scale(List<Integer> columns, double factor) {
    Scale {
      columns = List.copyOf(columns);
    }
  }

  /** At most one each way; empty where the rows are too few. */
  List<Scale> others(Spread other) {
    List<Scale> scales = new ArrayList<>();
    if (rows < FEWEST_ROWS || other.rows < FEWEST_ROWS) {
      return scales;
    }
    List<Integer> farther = new ArrayList<>();
    List<Integer> nearer = new ArrayList<>();
    double[] typical = new double[columns.length];
    int varying = 0;
    for (int c = 0; c < columns.length; c++) {
      if (deviations[c] == 0 || other.deviations[c] == 0) {
        continue;
      }
      double factor = other.deviations[c] / deviations[c];
      double ofQuartiles = other.quartiles[c] / quartiles[c];
      typical[varying++] = factor;
      // Where most numbers are alike, quartiles are too, and one of them counts for little.
      if (factor > FAR && ofQuartiles > FAR && Double.isFinite(ofQuartiles)) {
        farther.add(columns[c] + 1);
      } else if (factor < 1 / FAR && ofQuartiles < 1 / FAR && ofQuartiles > 0) {
        nearer.add(columns[c] + 1);
      }
    }
    double median = median(Arrays.copyOf(typical, varying));
    if (!farther.isEmpty()) {
      scales.add(new Scale(farther, factor(other, farther)));
    }
    if (!nearer.isEmpty()) {
      scales.add(new Scale(nearer, factor(other, nearer)));
    }
    if (scales.isEmpty() && varying >= FEWEST_COLUMNS && (median > FAR || median < 1 / FAR)) {
      scales.add(new Scale(List.of(), median));
    }
    return scales;
  }

  private double factor(Spread other, List<Integer> which) {
    double[] factors = new double[which.size()];
    for (int i = 0; i < factors.length; i++) {
      int c = Arrays.binarySearch(columns, which.get(i) - 1);
      factors[i] = other.deviations[c] / deviations[c];
    }
    return median(factors);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values.length == 0 ? 1 : values[values.length / 2];
  }

  /** Whether more than half of other rows have one number in the first column, but not here. */
  boolean isOneIn(Spread other) {
    return rows >= FEWEST_ROWS
        && other.rows >= FEWEST_ROWS
        && quartiles[0] > 0
        && other.quartiles[0] == 0;
  }
}
