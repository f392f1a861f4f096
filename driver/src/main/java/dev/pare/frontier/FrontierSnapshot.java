package dev.pare.frontier;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Correctness;
import dev.pare.candidate.StageKey;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A frontier as one run of a sweep left it, with what it takes to compare it to another run's.
 *
 * @param examples tells the validation examples from others; equal ones are the same examples in
 *     the same order
 * @param points by rising bytes
 */
public record FrontierSnapshot(StageKey examples, List<Point> points) {
  public FrontierSnapshot {
    requireNonNull(examples, "examples is null");
    points = List.copyOf(points);
  }

  /**
   * A file of the frontier.
   *
   * @param key content address of the file
   * @param point the values that tell its candidate from the others, by dimension
   * @param validation which validation examples it gets right
   */
  public record Point(StageKey key, Map<String, String> point, long bytes, Correctness validation)
      implements Tradeoff {
    public Point {
      requireNonNull(key, "key is null");
      point = Collections.unmodifiableMap(new TreeMap<>(point));
      requireNonNull(validation, "validation is null");
    }

    @Override
    public double accuracy() {
      return validation.accuracy();
    }
  }

  /** The most accurate file of at most so many bytes. */
  Optional<Point> bestWithin(long maxBytes) {
    return ParetoFrontier.<Point>of(points).bestWithin(maxBytes);
  }
}
