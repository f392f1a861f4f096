package dev.pare.examine;

import dev.pare.examine.ReluNetwork.Kind;
import dev.pare.examine.ReluNetwork.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * What a network's numbers can be while its input is within a box: interval bound propagation
 * (Gowal et al. 2018). Sound for the network as it runs in 32-bit floats, whatever the order of its
 * sums: each sum of n products is widened by the bound of its rounding, γₙ of the sum of absolute
 * products (Higham 2002, section 3.1), and what is computed here, in doubles, is rounded outwards.
 */
final class Intervals {
  /** Half a unit in the last place of 1, of floats. */
  private static final double ROUNDING = 0x1p-24;

  /** Roundings of a sum beside those of its products: the bias, the input's scale, a mean's. */
  private static final int MORE = 6;

  /** Beyond what is needed: covers the roundings of doubles, which are 2⁻²⁹ of these. */
  private static final double SLACK = 1.01;

  /** Of each product that is below the least normal float. */
  private static final double UNDERFLOW = 0x1p-148;

  private final List<double[]> lows = new ArrayList<>();
  private final List<double[]> highs = new ArrayList<>();

  /** For each linear step, by how much each of its sums may be off; null for others. */
  private final List<double[]> errors = new ArrayList<>();

  /**
   * Of a box.
   *
   * @param low raw inputs
   * @param high raw inputs, none below {@code low}
   */
  Intervals(float scale, float[] low, float[] high) {
    double[] lowest = new double[low.length];
    double[] highest = new double[low.length];
    for (int i = 0; i < low.length; i++) {
      // Products of two floats are exact in doubles; as floats they are off by a rounding, which
      // the first sums allow for.
      lowest[i] = (double) low[i] * scale;
      highest[i] = (double) high[i] * scale;
    }
    lows.add(lowest);
    highs.add(highest);
  }

  /** The least that what a step reads can be; of the number of steps, what the network makes. */
  double[] low(int step) {
    return lows.get(step);
  }

  /** The most that what a step reads can be; of the number of steps, what the network makes. */
  double[] high(int step) {
    return highs.get(step);
  }

  /** By how much each sum of a linear step may be off. */
  double[] error(int step) {
    return errors.get(step);
  }

  /** Goes through one step more. */
  void step(Stage stage) {
    double[] low = lows.get(lows.size() - 1);
    double[] high = highs.get(highs.size() - 1);
    int outputs = stage.kind() == Kind.RELU ? low.length : stage.rows().rows();
    double[] lowest = new double[outputs];
    double[] highest = new double[outputs];
    double[] error = new double[outputs];
    for (int i = 0; i < outputs; i++) {
      switch (stage.kind()) {
        case RELU -> {
          lowest[i] = Math.max(0, low[i]);
          highest[i] = Math.max(0, high[i]);
        }
        case MAXIMUM -> maximum(stage.rows(), i, low, high, lowest, highest);
        case LINEAR -> error[i] = sum(stage.rows(), i, low, high, lowest, highest);
      }
    }
    lows.add(lowest);
    highs.add(highest);
    errors.add(error);
  }

  private static void maximum(
      SparseRows rows, int row, double[] low, double[] high, double[] lowest, double[] highest) {
    boolean none = rows.start(row) == rows.start(row + 1);
    lowest[row] = none ? 0 : Double.NEGATIVE_INFINITY;
    highest[row] = none ? 0 : Double.NEGATIVE_INFINITY;
    for (int k = rows.start(row); k < rows.start(row + 1); k++) {
      lowest[row] = Math.max(lowest[row], low[rows.column(k)]);
      highest[row] = Math.max(highest[row], high[rows.column(k)]);
    }
  }

  private static double sum(
      SparseRows rows, int row, double[] low, double[] high, double[] lowest, double[] highest) {
    double least = rows.bias(row);
    double most = rows.bias(row);
    double size = Math.abs(rows.bias(row));
    for (int k = rows.start(row); k < rows.start(row + 1); k++) {
      double w = rows.weight(k);
      double l = low[rows.column(k)];
      double h = high[rows.column(k)];
      least += w * (w > 0 ? l : h);
      most += w * (w > 0 ? h : l);
      size += Math.abs(w) * Math.max(Math.abs(l), Math.abs(h));
    }
    // All weights of a row are counted, as runs may add zeros, too.
    double roundings = (rows.columns() + (double) MORE) * ROUNDING;
    double error =
        roundings < 0.5
            ? SLACK * (roundings / (1 - roundings) * size + rows.columns() * UNDERFLOW)
            : Double.POSITIVE_INFINITY;
    // A sum of floats may overflow on its way, though its end may not.
    error = size + error < Float.MAX_VALUE ? error : Double.POSITIVE_INFINITY;
    lowest[row] = Math.nextDown(least - error);
    highest[row] = Math.nextUp(most + error);
    return error;
  }

  /** Narrows what the next step reads, where something better is known. */
  void narrow(int index, double low, double high) {
    double[] lowest = lows.get(lows.size() - 1);
    double[] highest = highs.get(highs.size() - 1);
    lowest[index] = Math.max(lowest[index], low);
    highest[index] = Math.min(highest[index], high);
  }
}
