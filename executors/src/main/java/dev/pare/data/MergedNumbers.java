package dev.pare.data;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Numbers of files that floats do not tell apart, as of times in seconds within a day: of each
 * column with numbers from 2²⁴ on some that differ, and how many floats they become.
 */
final class MergedNumbers {
  /** From here on, floats leave out whole numbers. */
  static final float INEXACT = 1 << 24;

  /** Of fewer numbers nothing follows, and of more it stays the same. */
  private static final int FEWEST = 20;

  private static final int MOST = 1024;

  private static final int MOST_COLUMNS = 64;

  /** The share of numbers that are another one, too, from which on it matters. */
  private static final double SHARE = 0.1;

  private final Map<Integer, Seen> columns = new HashMap<>();

  private static final class Seen {
    private final Set<Double> numbers = new HashSet<>();
    private final Set<Float> floats = new HashSet<>();
    private double least = Double.POSITIVE_INFINITY;
    private double largest = Double.NEGATIVE_INFINITY;

    void add(double number) {
      if (numbers.size() < MOST) {
        numbers.add(number);
        floats.add((float) number);
        least = Math.min(least, number);
        largest = Math.max(largest, number);
      }
    }

    /** Where they hardly vary at all something else is said. */
    boolean areMerged() {
      float most = (float) Math.max(-least, largest);
      return numbers.size() >= FEWEST
          && numbers.size() - floats.size() >= SHARE * numbers.size()
          && !FeatureRanges.isCoarse(most, largest - least);
    }
  }

  /**
   * Takes a number of a column.
   *
   * @param column from 0
   * @param number as the file has it
   */
  void add(int column, double number) {
    if (Math.abs(number) >= INEXACT
        && (columns.size() < MOST_COLUMNS || columns.containsKey(column))) {
      columns.computeIfAbsent(column, one -> new Seen()).add(number);
    }
  }

  /**
   * What to say of the first column whose numbers are merged.
   *
   * @param names of the columns; empty where they have none
   */
  Optional<String> doubt(List<String> names) {
    List<Map.Entry<Integer, Seen>> merged =
        columns.entrySet().stream()
            .filter(column -> column.getValue().areMerged())
            .sorted(Map.Entry.comparingByKey())
            .toList();
    return merged.stream()
        .findFirst()
        .map(
            first ->
                "%s holds numbers that floats do not tell apart: %d different ones, as %s, become %d: subtract what they have in common, or divide them into columns%s"
                    .formatted(
                        names.isEmpty()
                            ? "feature " + (first.getKey() + 1)
                            : "column " + names.get(first.getKey()),
                        first.getValue().numbers.size(),
                        DataSummary.text((float) first.getValue().largest),
                        first.getValue().floats.size(),
                        merged.size() == 1 ? "" : " (" + merged.size() + " of them in all)"));
  }
}
