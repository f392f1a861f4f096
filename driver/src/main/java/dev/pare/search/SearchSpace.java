package dev.pare.search;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every combination of the axes' values. Points are numbered from 0, the last axis changing
 * fastest; a space without axes has one point.
 */
public record SearchSpace(List<SearchAxis> axes) {
  public SearchSpace {
    axes = List.copyOf(axes);
    if (axes.stream().map(SearchAxis::name).distinct().count() != axes.size()) {
      throw new IllegalArgumentException("two axes have the same name: " + axes);
    }
    size(axes);
  }

  private static long size(List<SearchAxis> axes) {
    long size = 1;
    for (SearchAxis axis : axes) {
      size = Math.multiplyExact(size, (long) axis.values().size());
    }
    return size;
  }

  /** How many points there are. */
  public long size() {
    return size(axes);
  }

  /**
   * The point of a number.
   *
   * @throws IllegalArgumentException if it has no such point
   */
  public SearchPoint point(long number) {
    int[] positions = positions(number);
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < positions.length; i++) {
      values.put(axes.get(i).name(), axes.get(i).values().get(positions[i]));
    }
    return new SearchPoint(values);
  }

  /** For each axis, which of its values the point of a number has. */
  int[] positions(long number) {
    if (number < 0 || number >= size()) {
      throw new IllegalArgumentException("point " + number + " of " + size());
    }
    int[] positions = new int[axes.size()];
    long rest = number;
    for (int i = positions.length - 1; i >= 0; i--) {
      int values = axes.get(i).values().size();
      positions[i] = (int) (rest % values);
      rest /= values;
    }
    return positions;
  }

  /** The number of the point with these values of each axis. */
  long number(int[] positions) {
    long number = 0;
    for (int i = 0; i < positions.length; i++) {
      number = number * axes.get(i).values().size() + positions[i];
    }
    return number;
  }
}
