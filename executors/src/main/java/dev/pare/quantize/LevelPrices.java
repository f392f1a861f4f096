package dev.pare.quantize;

import java.util.Arrays;

/**
 * What the levels of a tensor cost by a density that is fitted to them: whether a level is 0 by the
 * shares of its row and its column that are not, which value it has if not by how often it occurs.
 *
 * <p>A level that is not 0 has, at row i and column j, the odds {@code o(rᵢ)·o(cⱼ)/o(t)} of the
 * shares r of its row, c of its column and t of the tensor, {@code o(p) = p/(1 − p)}. The shares of
 * rows and columns count half a level more that is not 0, and as many more levels as go with it in
 * the tensor, so that short ones are near the tensor's. So the coder of .pare files mixes what it
 * has seen of a line and of a place; that units go, as all their weights become 0, is cheaper than
 * that as many weights go anywhere.
 */
final class LevelPrices {
  private static final double LN_2 = StrictMath.log(2);

  private final int rows;
  private final int columns;
  private final int most;
  private final int[] ofRows;
  private final int[] ofColumns;
  private final int[] ofValues;

  /** Logarithms of odds that a level is not 0, base 2: of rows, less the tensor's, and columns. */
  private final float[] rowOdds;

  private final float[] columnOdds;

  /**
   * From a level to the next, from −most − 1 on: the bits more that the value costs, and how often
   * the logarithm of the odds is added.
   */
  private final float[] valueSteps;

  private final float[] oddsSteps;

  /**
   * @param most greatest magnitude of a level
   */
  LevelPrices(int rows, int columns, int most) {
    this.rows = rows;
    this.columns = columns;
    this.most = most;
    this.ofRows = new int[rows];
    this.ofColumns = new int[columns];
    this.ofValues = new int[2 * most + 3];
    this.rowOdds = new float[rows];
    this.columnOdds = new float[columns];
    this.valueSteps = new float[ofValues.length - 1];
    this.oddsSteps = new float[ofValues.length - 1];
    oddsSteps[most] = 1;
    oddsSteps[most + 1] = -1;
  }

  /** Fits the density to levels, row-major from {@code from} on. */
  void fit(byte[] levels, int from) {
    Arrays.fill(ofRows, 0);
    Arrays.fill(ofColumns, 0);
    Arrays.fill(ofValues, 0);
    int nonzeros = 0;
    for (int row = 0, i = from; row < rows; row++) {
      int before = nonzeros;
      for (int column = 0; column < columns; column++, i++) {
        int level = levels[i];
        if (level != 0) {
          nonzeros++;
          ofColumns[column]++;
          ofValues[level + most + 1]++;
        }
      }
      ofRows[row] = nonzeros - before;
    }
    double share = (nonzeros + 0.5) / ((double) rows * columns + 1);
    double tensor = odds(share);
    for (int row = 0; row < rows; row++) {
      rowOdds[row] = (float) (odds((ofRows[row] + 0.5) / (columns + 0.5 / share)) - tensor);
    }
    for (int column = 0; column < columns; column++) {
      columnOdds[column] = (float) odds((ofColumns[column] + 0.5) / (rows + 0.5 / share));
    }
    int reached = 1;
    for (int level = 1; level <= most; level++) {
      reached = ofValues[most + 1 + level] + ofValues[most + 1 - level] > 0 ? level + 1 : reached;
    }
    double below = valueBits(-most - 1, nonzeros, reached);
    for (int level = -most; level <= most + 1; level++) {
      double bits = valueBits(level, nonzeros, reached);
      valueSteps[level + most] = (float) (bits - below);
      below = bits;
    }
  }

  /** The bits of a level's value by how often it occurs; none of 0, whose value is known. */
  private double valueBits(int level, int nonzeros, int reached) {
    return level == 0 ? 0 : -log2((ofValues[level + most + 1] + 0.5) / (nonzeros + reached));
  }

  private static double odds(double share) {
    return log2(share / (1 - share));
  }

  private static double log2(double x) {
    return StrictMath.log(x) / LN_2;
  }

  /**
   * By how many bits the code of a weight grows with its ratio to its step, if the weight is
   * rounded after noise that is even from −½ to ½ has been added to the ratio (Ballé, Laparra and
   * Simoncelli 2017): the expected bits are linear between levels.
   *
   * @param ratio of a magnitude up to {@code most}
   */
  float slope(int row, int column, float ratio) {
    int at = (int) (ratio + (most + 1));
    return valueSteps[at] + oddsSteps[at] * (rowOdds[row] + columnOdds[column]);
  }
}
