package dev.pare.result;

import org.jspecify.annotations.Nullable;

/** A row of a table of results, by the names of its columns. */
@FunctionalInterface
public interface Values {
  /** The value of a column, null where there is none: a Long, an Integer, a Double or a String. */
  @Nullable Object value(String column);

  /**
   * A whole number.
   *
   * @throws IllegalArgumentException naming the column if it has none
   */
  default long whole(String column) {
    Long value = wholeOrNull(column);
    if (value == null) {
      throw new IllegalArgumentException("it lacks " + column);
    }
    return value;
  }

  /** A whole number that may be unknown. */
  default @Nullable Long wholeOrNull(String column) {
    Object value = value(column);
    if (value == null) {
      return null;
    }
    if (value instanceof Long || value instanceof Integer) {
      return ((Number) value).longValue();
    }
    throw new IllegalArgumentException(column + " = " + value + " is no whole number");
  }

  /**
   * A number.
   *
   * @throws IllegalArgumentException naming the column if it has none
   */
  default double real(String column) {
    Object value = value(column);
    if (value == null) {
      throw new IllegalArgumentException("it lacks " + column);
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException(column + " = " + value + " is no number");
  }

  /** A text that may be unknown. */
  default @Nullable String textOrNull(String column) {
    Object value = value(column);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new IllegalArgumentException(column + " = " + value + " is no text");
  }
}
