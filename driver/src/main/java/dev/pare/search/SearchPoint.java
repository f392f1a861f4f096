package dev.pare.search;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A place in a space.
 *
 * @param values of the axes, by their names
 */
public record SearchPoint(Map<String, String> values) {
  public SearchPoint {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }
}
