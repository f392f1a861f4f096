package dev.pare.frontier;

import dev.pare.candidate.Metric;
import java.util.List;

/**
 * What a file may cost.
 *
 * @param maxBytes most bytes, at least 0
 * @param maxLoss how much worse than the teacher it may be on the validation examples: percentage
 *     points of a share, else in the metric's own unit; negative asks for better than the teacher
 */
public record Budget(long maxBytes, double maxLoss) {
  /** Everything is within it. */
  public static final Budget UNLIMITED = new Budget(Long.MAX_VALUE, Double.POSITIVE_INFINITY);

  /** Far below one example in any data set, far above the rounding of a share. */
  private static final double ROUNDING = 1e-9;

  public Budget {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("max-bytes = " + maxBytes + ": must be at least 0");
    }
    if (Double.isNaN(maxLoss)) {
      throw new IllegalArgumentException("max-loss is no number");
    }
  }

  /** Those of a frontier's points that are within both limits, in their order. */
  public <T extends Tradeoff> List<T> within(List<T> points, Metric metric, double teacherQuality) {
    return points.stream().filter(point -> admits(point, metric, teacherQuality)).toList();
  }

  private boolean admits(Tradeoff tradeoff, Metric metric, double teacherQuality) {
    double loss = metric.written(teacherQuality - tradeoff.quality());
    return tradeoff.bytes() <= maxBytes && loss <= maxLoss + ROUNDING;
  }
}
