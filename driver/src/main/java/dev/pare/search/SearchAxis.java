package dev.pare.search;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/**
 * Something that varies, and the values it takes.
 *
 * @param values at least one, none twice, as the configuration lists them
 */
public record SearchAxis(String name, List<String> values) {
  public SearchAxis {
    requireNonNull(name, "name is null");
    values = List.copyOf(values);
    if (values.isEmpty() || new HashSet<>(values).size() != values.size()) {
      throw new IllegalArgumentException(
          name + " = " + values + ": must be a value or more, none twice");
    }
  }

  /** Whether its values are numbers, so that some are nearer to each other than others. */
  boolean isNumeric() {
    return values.stream().allMatch(SearchAxis::isNumber);
  }

  /** Whether a value is a number, by its spelling. */
  public static boolean isNumber(String value) {
    try {
      new BigDecimal(value);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** The positions of its values in {@link #values}, by rising value; of words as they are. */
  List<Integer> ranks() {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      positions.add(i);
    }
    if (isNumeric()) {
      positions.sort(Comparator.comparing(i -> new BigDecimal(values.get(i))));
    }
    return positions;
  }
}
