package dev.pare.search;

import dev.pare.search.GaussianProcess.Prediction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * How much a point adds, in expectation, to the area that a front of two costs dominates (Emmerich,
 * Deutz and Klinkenberg 2011, by strips between the front's points). The first cost is predicted as
 * a normal distribution, and of the second one the logarithm of what it is above a floor.
 */
final class ExpectedArea {
  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

  /** Ends of strips by rising first cost, and how high each strip before such an end is. */
  private final double[] ends;

  private final double[] heights;
  private final double floor;

  /**
   * @param costs points of which those of the front count
   * @param worst where the area ends
   * @param floor below all second costs
   */
  ExpectedArea(List<double[]> costs, double[] worst, double floor) {
    this.floor = floor;
    List<double[]> sorted = new ArrayList<>(costs);
    sorted.sort(Comparator.<double[]>comparingDouble(c -> c[0]).thenComparingDouble(c -> c[1]));
    List<double[]> strips = new ArrayList<>();
    double height = worst[1];
    for (double[] point : sorted) {
      if (point[0] < worst[0] && point[1] < height) {
        strips.add(new double[] {point[0], height});
        height = point[1];
      }
    }
    strips.add(new double[] {worst[0], height});
    ends = strips.stream().mapToDouble(strip -> strip[0]).toArray();
    heights = strips.stream().mapToDouble(strip -> strip[1]).toArray();
  }

  /**
   * The area that a point adds.
   *
   * @param first the first cost
   * @param second the logarithm of the second one above the floor
   */
  double of(Prediction first, Prediction second) {
    double area = 0;
    double before = 0;
    for (int i = 0; i < ends.length; i++) {
      double up = below(ends[i], first);
      area += (up - before) * belowLogarithm(heights[i] - floor, second);
      before = up;
    }
    return area;
  }

  /** The expectation of how far a normal variable is below a value, 0 if it is above. */
  private static double below(double value, Prediction of) {
    double deviation = Math.sqrt(of.variance());
    double gap = value - of.mean();
    if (!(deviation > 0)) {
      return Math.max(gap, 0);
    }
    double z = gap / deviation;
    return gap * NORMAL.cumulativeProbability(z) + deviation * NORMAL.density(z);
  }

  /** The same of a variable whose logarithm is normal. */
  private static double belowLogarithm(double value, Prediction of) {
    if (!(value > 0)) {
      return 0;
    }
    double deviation = Math.sqrt(of.variance());
    double gap = StrictMath.log(value) - of.mean();
    if (!(deviation > 0)) {
      return Math.max(value - StrictMath.exp(of.mean()), 0);
    }
    double z = gap / deviation;
    return Math.max(
        value * NORMAL.cumulativeProbability(z)
            - StrictMath.exp(of.mean() + of.variance() / 2)
                * NORMAL.cumulativeProbability(z - deviation),
        0);
  }
}
