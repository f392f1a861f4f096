package dev.pare.onnx;

import java.util.Arrays;

/**
 * A factor and a summand for each number that flows, until a layer takes them up into its weights.
 *
 * @param factor one for each number, in Pare's order
 * @param summand one for each number, added after the factor
 */
record Affine(double[] factor, double[] summand) {
  static Affine identity(int size) {
    double[] ones = new double[size];
    Arrays.fill(ones, 1);
    return new Affine(ones, new double[size]);
  }

  /** The factors alone. */
  Affine factors() {
    return new Affine(factor, new double[factor.length]);
  }

  /** This one, and then another. */
  Affine then(Affine next) {
    double[] factors = new double[factor.length];
    double[] summands = new double[factor.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = factor[i] * next.factor[i];
      summands[i] = summand[i] * next.factor[i] + next.summand[i];
    }
    return new Affine(factors, summands);
  }

  /** The same for the same numbers that lie elsewhere. */
  Affine moved(Flow from, Flow to) {
    double[] factors = new double[factor.length];
    double[] summands = new double[factor.length];
    for (int i = 0; i < factors.length; i++) {
      factors[to.place(i)] = factor[from.place(i)];
      summands[to.place(i)] = summand[from.place(i)];
    }
    return new Affine(factors, summands);
  }

  /** Whether the same holds for all numbers that nodes see at the same index of an axis. */
  boolean isAlikeAlong(Flow read, int axis) {
    int side = read.dims()[axis];
    int step = Dimensions.strides(read.dims())[axis];
    for (int i = 0; i < factor.length; i++) {
      int at = read.place(i);
      int first = read.place(i / step % side * step);
      if (factor[at] != factor[first] || summand[at] != summand[first]) {
        return false;
      }
    }
    return true;
  }

  boolean isIdentity() {
    return !isShifted() && Arrays.stream(factor).allMatch(value -> value == 1);
  }

  boolean isShifted() {
    return Arrays.stream(summand).anyMatch(value -> value != 0);
  }

  /** Whether the same holds for all places of each channel. */
  boolean isAlikeWithin(int channels) {
    int places = factor.length / channels;
    for (int i = 0; i < factor.length; i++) {
      int first = i / places * places;
      if (factor[i] != factor[first] || summand[i] != summand[first]) {
        return false;
      }
    }
    return true;
  }
}
