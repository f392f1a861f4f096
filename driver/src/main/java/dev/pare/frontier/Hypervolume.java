package dev.pare.frontier;

import dev.pare.candidate.Metric;
import java.util.List;

/**
 * How good a frontier is, in one number (Zitzler and Thiele 1998): the area of all that it is
 * better than, between it and a reference point, over log2(bytes) and quality. It is how many
 * halvings of the file there are, each counted with the quality that it has above the reference.
 * More is better, 0 is nothing.
 *
 * @param referenceBytes where no halving has happened, such as the teacher's floats, above 0;
 *     points of as many bytes or more add nothing
 * @param referenceQuality of a network that has learned nothing, finite; points of as much or less
 *     add nothing
 */
public record Hypervolume(long referenceBytes, double referenceQuality) {
  public Hypervolume {
    if (referenceBytes < 1) {
      throw new IllegalArgumentException(
          "referenceBytes = " + referenceBytes + ": must be at least 1");
    }
    if (!Double.isFinite(referenceQuality)) {
      throw new IllegalArgumentException(
          "referenceQuality = " + referenceQuality + ": must be finite");
    }
  }

  /**
   * The reference of a network: its size as floats, and what guessing comes to.
   *
   * @param guess value of the metric for a network that has learned nothing
   */
  public static Hypervolume of(long parameters, Metric metric, double guess) {
    return new Hypervolume(Math.multiplyExact(parameters, Float.BYTES), metric.quality(guess));
  }

  /** The area of a frontier, of which a third objective is left out of account. */
  public double of(ParetoFrontier<? extends Tradeoff> frontier) {
    List<? extends Tradeoff> points = ParetoFrontier.<Tradeoff>of(frontier.points()).points();
    double area = 0;
    for (int i = 0; i < points.size(); i++) {
      long next = i + 1 < points.size() ? points.get(i + 1).bytes() : referenceBytes;
      double halvings = log2(Math.min(next, referenceBytes)) - log2(points.get(i).bytes());
      double above = points.get(i).quality() - referenceQuality;
      area += Math.max(halvings, 0) * Math.max(above, 0);
    }
    return area;
  }

  private static double log2(long bytes) {
    return StrictMath.log(Math.max(bytes, 1)) / StrictMath.log(2);
  }
}
