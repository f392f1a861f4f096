package dev.pare.search;

import dev.pare.sparsify.Elimination;
import java.util.Arrays;
import java.util.List;

/**
 * A Gaussian process of a function over the points of a space (Rasmussen and Williams 2006,
 * algorithm 2.1), of which some values are known but for noise. The covariance is Matérn's of
 * smoothness 5/2 with a length for each axis; words of an axis are all as far from each other as
 * the ends of an axis of numbers.
 */
final class GaussianProcess {
  private static final double ROOT_5 = Math.sqrt(5);

  /** Of standardized values, so that equal points can be told from a fault of rounding. */
  private static final double LEAST_NOISE = 1e-6;

  private final double[][] inputs;
  private final boolean[] words;
  private final double[] lengths;
  private final double mean;
  private final double variance;

  /** The Cholesky factor of the correlations of the known points with noise. */
  private final double[] factor;

  private final double[] weights;
  private final double likelihood;

  /**
   * What the values' covariance depends on.
   *
   * @param logLengths logarithms of the lengths of the axes, in units of an axis
   * @param logNoise logarithm of the noise's variance in units of the function's
   */
  record Parameters(double[] logLengths, double logNoise) {}

  /** A value as far as it can be told. */
  record Prediction(double mean, double variance) {}

  /**
   * Conditions a process on known values.
   *
   * @param axes of the space
   * @param points the ranks of the values of each axis
   * @param values as many, at least one
   */
  GaussianProcess(
      List<SearchAxis> axes, List<int[]> points, double[] values, Parameters parameters) {
    int n = values.length;
    words = new boolean[axes.size()];
    lengths = Arrays.stream(parameters.logLengths()).map(StrictMath::exp).toArray();
    for (int axis = 0; axis < words.length; axis++) {
      words[axis] = !axes.get(axis).isNumeric();
    }
    inputs = points.stream().map(ranks -> inputs(axes, ranks)).toArray(double[][]::new);
    double noise = LEAST_NOISE + StrictMath.exp(parameters.logNoise());
    factor = new double[n * n];
    for (int r = 0; r < n; r++) {
      for (int c = 0; c < r; c++) {
        factor[r * n + c] = correlation(inputs[r], inputs[c]);
      }
      factor[r * n + r] = 1 + noise;
    }
    Elimination.decompose(factor, n);
    // The mean and the scale that are the most likely ones.
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    forward(ones);
    double[] whitened = values.clone();
    forward(whitened);
    mean = dot(ones, whitened) / dot(ones, ones);
    for (int i = 0; i < n; i++) {
      whitened[i] -= mean * ones[i];
    }
    variance = Math.max(dot(whitened, whitened) / n, Double.MIN_NORMAL);
    double logs = n * StrictMath.log(variance) / 2;
    for (int i = 0; i < n; i++) {
      logs += StrictMath.log(factor[i * n + i]);
    }
    likelihood = -logs;
    backward(whitened);
    weights = whitened;
  }

  /** Places of the values on their axes: numbers from 0 to 1, words by their ranks. */
  private static double[] inputs(List<SearchAxis> axes, int[] ranks) {
    double[] inputs = new double[ranks.length];
    for (int axis = 0; axis < inputs.length; axis++) {
      boolean spread = axes.get(axis).isNumeric() && axes.get(axis).values().size() > 1;
      inputs[axis] = spread ? ranks[axis] / (axes.get(axis).values().size() - 1.0) : ranks[axis];
    }
    return inputs;
  }

  private double correlation(double[] one, double[] other) {
    double squares = 0;
    for (int axis = 0; axis < one.length; axis++) {
      double apart = one[axis] - other[axis];
      if (words[axis] && apart != 0) {
        apart = 1;
      }
      apart /= lengths[axis];
      squares += apart * apart;
    }
    double distance = ROOT_5 * Math.sqrt(squares);
    return (1 + distance + distance * distance / 3) * StrictMath.exp(-distance);
  }

  /** The logarithm of the likelihood of the known values, but for a constant. */
  double likelihood() {
    return likelihood;
  }

  /** The function's value at a point, without noise. */
  Prediction predict(List<SearchAxis> axes, int[] ranks) {
    double[] input = inputs(axes, ranks);
    double[] correlations = new double[inputs.length];
    for (int i = 0; i < correlations.length; i++) {
      correlations[i] = correlation(input, inputs[i]);
    }
    double predicted = mean + dot(correlations, weights);
    forward(correlations);
    double left = Math.max(1 - dot(correlations, correlations), 0);
    return new Prediction(predicted, variance * left);
  }

  /** Solves {@code L·x = b} in place. */
  private void forward(double[] b) {
    int n = b.length;
    for (int r = 0; r < n; r++) {
      double sum = b[r];
      for (int c = 0; c < r; c++) {
        sum -= factor[r * n + c] * b[c];
      }
      b[r] = sum / factor[r * n + r];
    }
  }

  /** Solves {@code Lᵀ·x = b} in place. */
  private void backward(double[] b) {
    int n = b.length;
    for (int r = n - 1; r >= 0; r--) {
      b[r] /= factor[r * n + r];
      for (int c = 0; c < r; c++) {
        b[c] -= factor[r * n + c] * b[r];
      }
    }
  }

  private static double dot(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }
}
