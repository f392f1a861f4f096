package dev.pare.frontier;

import dev.pare.candidate.Metric;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Those of many for which nothing else is at once no larger and no worse, and better in one of the
 * two. Of several with equal size and quality the one with the smallest key stands for all.
 *
 * <p>From the first to the last point both bytes and quality rise strictly.
 */
public final class ParetoFrontier<T extends Tradeoff> {
  private final List<T> points;

  private ParetoFrontier(List<T> points) {
    this.points = List.copyOf(points);
  }

  /** The frontier of {@code all}, in O(n log n); the order of {@code all} has no influence. */
  public static <T extends Tradeoff> ParetoFrontier<T> of(Collection<? extends T> all) {
    List<T> sorted = new ArrayList<>(all);
    sorted.sort(
        Comparator.comparingLong(T::bytes)
            .thenComparing(Comparator.comparingDouble(T::quality).reversed())
            .thenComparing(T::key));
    List<T> frontier = new ArrayList<>();
    double best = Double.NEGATIVE_INFINITY;
    for (T point : sorted) {
      if (point.quality() > best) {
        frontier.add(point);
        best = point.quality();
      }
    }
    return new ParetoFrontier<>(frontier);
  }

  /** The points by rising bytes. */
  public List<T> points() {
    return points;
  }

  /** The points within a budget, by rising bytes. */
  public List<T> within(Budget budget, Metric metric, double teacherQuality) {
    return points.stream().filter(point -> budget.admits(point, metric, teacherQuality)).toList();
  }

  /** The best point of at most so many bytes. */
  public Optional<T> bestWithin(long maxBytes) {
    return points.stream()
        .filter(point -> point.bytes() <= maxBytes)
        .reduce((smaller, larger) -> larger);
  }
}
