package dev.pare.frontier;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Correctness;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Metric;
import dev.pare.candidate.StageKey;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
   * @param score what it is judged by on the validation examples
   * @param validation which of them it gets right; null unless it tells classes apart
   */
  public record Point(
      StageKey key,
      Map<String, String> point,
      long bytes,
      Estimate score,
      @Nullable Correctness validation)
      implements Tradeoff {
    public Point {
      requireNonNull(key, "key is null");
      point = Collections.unmodifiableMap(new TreeMap<>(point));
      requireNonNull(score, "score is null");
    }

    /** A file that is judged by its classification error. */
    public Point(StageKey key, Map<String, String> point, long bytes, Correctness validation) {
      this(key, point, bytes, Evaluation.of(validation).score(), validation);
    }

    @Override
    public double quality() {
      return score.quality();
    }
  }

  /** What its files are judged by; none if it has no files. */
  public Optional<Metric> metric() {
    return points.stream().map(point -> point.score().metric()).findFirst();
  }

  /** The best file of at most so many bytes. */
  Optional<Point> bestWithin(long maxBytes) {
    return ParetoFrontier.<Point>of(points).bestWithin(maxBytes);
  }
}
