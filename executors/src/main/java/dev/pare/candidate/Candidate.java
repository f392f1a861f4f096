package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One point of a sweep: a path of stages from the teacher to a file.
 *
 * @param point the values that tell this candidate from its siblings, by dimension as the
 *     configuration spells it
 * @param stages from first to last; the last one is {@link Encode}
 */
public record Candidate(Map<String, String> point, List<StageSettings> stages)
    implements Serializable {
  public Candidate {
    point = Collections.unmodifiableMap(new TreeMap<>(requireNonNull(point, "point is null")));
    stages = List.copyOf(stages);
    if (stages.isEmpty() || !(stages.get(stages.size() - 1) instanceof Encode)) {
      throw new IllegalArgumentException("the last stage must encode: " + stages);
    }
  }

  /** A short name made of its point, as {@code bits=3 sparsity=0.95 temperature=4}. */
  public String label() {
    return label(point);
  }

  /** A short name of values by their dimensions, in the order of the map. */
  public static String label(Map<String, String> point) {
    return point.entrySet().stream()
        .map(value -> value.getKey() + "=" + value.getValue())
        .collect(Collectors.joining(" "));
  }
}
