package dev.pare.result;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One number, or what else is told, of a {@code T}: the same name in every table.
 *
 * @param name in snake_case
 * @param type of its values
 * @param unit of its values, empty for texts
 * @param meaning a line of explanation
 * @param value of a row, null where it is not known
 */
public record Column<T>(
    String name,
    Type type,
    String unit,
    String meaning,
    Function<? super T, ? extends @Nullable Object> value) {
  /** What values are. */
  public enum Type {
    /** A {@link String}. */
    TEXT,
    /** A {@link Long}. */
    WHOLE,
    /** An {@link Integer}. */
    INTEGER,
    /** A {@link Double}. */
    REAL,
    /** An array of bytes. */
    BITS,
    /** A list of {@link String}. */
    TEXTS,
    /** A map from {@link String} to {@link String}. */
    TEXT_BY_NAME,
    /** A map from {@link String} to {@link Double}. */
    REAL_BY_NAME,
    /** A list of {@link dev.pare.candidate.LayerSize}. */
    TENSORS,
    /** A {@link dev.pare.candidate.Confusion}. */
    CONFUSION
  }

  public Column {
    if (!name.matches("[a-z][a-z0-9_]*")) {
      throw new IllegalArgumentException("a column of name " + name);
    }
    requireNonNull(type, "type is null");
    requireNonNull(unit, "unit is null");
    requireNonNull(meaning, "meaning is null");
    requireNonNull(value, "value is null");
  }

  /** Words. */
  public static <T> Column<T> text(
      String name, String meaning, Function<? super T, @Nullable String> value) {
    return new Column<>(name, Type.TEXT, "", meaning, value);
  }

  /** A count of {@code unit}. */
  public static <T> Column<T> whole(
      String name, String unit, String meaning, Function<? super T, @Nullable Long> value) {
    return new Column<>(name, Type.WHOLE, unit, meaning, value);
  }

  /** A real number. */
  public static <T> Column<T> real(
      String name, String unit, String meaning, Function<? super T, @Nullable Double> value) {
    return new Column<>(name, Type.REAL, unit, meaning, value);
  }

  /** The same of something that has a {@code T}, or has none, of which it is null then. */
  public <S> Column<S> of(Function<? super S, ? extends @Nullable T> part) {
    return new Column<>(
        name,
        type,
        unit,
        meaning,
        row -> {
          T has = part.apply(row);
          return has == null ? null : value.apply(has);
        });
  }

  /** The same under a longer name. */
  public Column<T> prefixed(String prefix) {
    return new Column<>(prefix + name, type, unit, meaning, value);
  }

  /** Its meaning and its unit. */
  public String comment() {
    return unit.isEmpty() ? meaning : meaning + " [" + unit + "]";
  }
}
