package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The candidates that a configuration spells out one by one. */
final class PointsReader {
  private static final Set<String> KEYS =
      Dimension.all().stream()
          .map(Dimension::key)
          .collect(Collectors.toCollection(LinkedHashSet::new));

  private final Settings settings;

  PointsReader(Settings settings) {
    this.settings = requireNonNull(settings, "settings is null");
  }

  /** One for each element, with those of its values that are good. */
  List<Map<Dimension, String>> read() {
    List<Map<Dimension, String>> points = new ArrayList<>();
    Set<Map<Dimension, String>> seen = new HashSet<>();
    for (Section section :
        settings
            .findSections("points", "{ sparsity = 0.9, bits = 4 }", KEYS, "is no dimension")
            .orElse(List.of())) {
      Map<Dimension, String> point = new TreeMap<>();
      for (Dimension dimension : Dimension.all()) {
        section
            .find(dimension.key(), dimension.spelling())
            .ifPresent(value -> point.put(dimension, value));
      }
      section.finish();
      boolean good = point.size() == section.size();
      if (good && !seen.add(point)) {
        section.reject("stands in the list already");
      }
      points.add(Collections.unmodifiableMap(point));
    }
    if (settings.isPresent("points") && settings.isEmptyList("points")) {
      settings.reject("points", "must be a list of one section or more");
    }
    return points;
  }
}
