package dev.pare.frontier;

import java.util.List;

/**
 * How good a frontier is, in one number (Zitzler and Thiele 1998): the area of all that it is
 * better than, between it and a reference point, over log2(bytes) and error. It is how many
 * halvings of the file there are, each counted with the error that it stays below the reference.
 * More is better, 0 is nothing.
 *
 * @param referenceBytes where no halving has happened, such as the teacher's floats, above 0;
 *     points of as many bytes or more add nothing
 * @param referenceError share of examples that a network gets wrong which has learned nothing,
 *     above 0 and at most 1; points of as much error or more add nothing
 */
public record Hypervolume(long referenceBytes, double referenceError) {
  public Hypervolume {
    if (referenceBytes < 1) {
      throw new IllegalArgumentException(
          "referenceBytes = " + referenceBytes + ": must be at least 1");
    }
    if (!(referenceError > 0 && referenceError <= 1)) {
      throw new IllegalArgumentException(
          "referenceError = " + referenceError + ": must be above 0 and at most 1");
    }
  }

  /** The reference of a network: its size as floats, and the error of guessing. */
  public static Hypervolume of(long parameters, int classes) {
    return new Hypervolume(
        Math.multiplyExact(parameters, Float.BYTES), classes < 2 ? 1 : 1 - 1.0 / classes);
  }

  /** The area of a frontier. */
  public double of(ParetoFrontier<? extends Tradeoff> frontier) {
    List<? extends Tradeoff> points = frontier.points();
    double area = 0;
    for (int i = 0; i < points.size(); i++) {
      long next = i + 1 < points.size() ? points.get(i + 1).bytes() : referenceBytes;
      double halvings = log2(Math.min(next, referenceBytes)) - log2(points.get(i).bytes());
      double below = referenceError - (1 - points.get(i).accuracy());
      area += Math.max(halvings, 0) * Math.max(below, 0);
    }
    return area;
  }

  private static double log2(long bytes) {
    return StrictMath.log(Math.max(bytes, 1)) / StrictMath.log(2);
  }
}
