package dev.pare.frontier;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Those of many for which nothing else is at once no larger and no worse, and better in one of the
 * two; where there is a third objective, nor has more of it. Of several that are equal in all the
 * one with the smallest key stands for all.
 *
 * <p>From the first to the last point both bytes and quality rise strictly, unless there is a third
 * objective.
 */
public final class ParetoFrontier<T extends Tradeoff> {
  private final List<T> points;

  private ParetoFrontier(List<T> points) {
    this.points = List.copyOf(points);
  }

  /** The frontier of {@code all} by bytes and quality. */
  public static <T extends Tradeoff> ParetoFrontier<T> of(Collection<? extends T> all) {
    return of(all, point -> 0);
  }

  /**
   * The frontier of {@code all}, in O(n log n); the order of {@code all} has no influence.
   *
   * @param third what else is to be little
   */
  public static <T extends Tradeoff> ParetoFrontier<T> of(
      Collection<? extends T> all, ToLongFunction<? super T> third) {
    List<T> sorted = new ArrayList<>(all);
    sorted.sort(
        Comparator.comparingLong(T::bytes)
            .thenComparing(Comparator.comparingDouble(T::quality).reversed())
            .thenComparingLong(third)
            .thenComparing(T::key));
    List<T> frontier = new ArrayList<>();
    // Of those no larger the least of the third objective by quality; both rise together.
    TreeMap<Double, Long> least = new TreeMap<>();
    for (T point : sorted) {
      long own = third.applyAsLong(point);
      Map.Entry<Double, Long> noWorse = least.ceilingEntry(point.quality());
      if (noWorse != null && noWorse.getValue() <= own) {
        continue;
      }
      frontier.add(point);
      NavigableMap<Double, Long> worse = least.headMap(point.quality(), true);
      while (!worse.isEmpty() && worse.lastEntry().getValue() >= own) {
        worse.pollLastEntry();
      }
      least.put(point.quality(), own);
    }
    return new ParetoFrontier<>(frontier);
  }

  /** The points by rising bytes, of equal ones the better first. */
  public List<T> points() {
    return points;
  }

  /** The best point of at most so many bytes. */
  public Optional<T> bestWithin(long maxBytes) {
    return points.stream()
        .filter(point -> point.bytes() <= maxBytes)
        .reduce((best, larger) -> larger.quality() > best.quality() ? larger : best);
  }
}
