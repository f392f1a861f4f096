package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a sweep can vary: a setting of students that has a name in the configuration's {@code space}
 * and in a candidate's point. The order is that of the settings' descriptions.
 */
public record Dimension(String key) implements Comparable<Dimension>, Serializable {
  private static final Map<String, Setting<?>> SETTINGS = settings();
  private static final List<String> ORDER = List.copyOf(SETTINGS.keySet());
  private static final List<Dimension> ALL = ORDER.stream().map(Dimension::new).toList();

  public Dimension {
    if (!SETTINGS.containsKey(key)) {
      throw new IllegalArgumentException(key + " is no dimension" + NearestKey.hint(ORDER, key));
    }
  }

  private static Map<String, Setting<?>> settings() {
    Map<String, Setting<?>> settings = new LinkedHashMap<>();
    for (Setting<?> setting : StudentSettings.ALL) {
      setting.dimension().ifPresent(name -> settings.put(name, setting));
    }
    return Collections.unmodifiableMap(settings);
  }

  /** All there are, in their order. */
  public static List<Dimension> all() {
    return ALL;
  }

  private Setting<?> setting() {
    return requireNonNull(SETTINGS.get(key));
  }

  /** Whether its values are numbers, and no lists of them. */
  boolean isNumeric() {
    return setting().domain().example() instanceof Number;
  }

  /** Whether its values are whole numbers. */
  boolean isWhole() {
    return setting().domain().example() instanceof Integer;
  }

  /**
   * Those of its values that others may not go with: numbers matter to other settings only by
   * whether they are nothing, or everything, so that the least and the greatest stand for all.
   */
  List<String> telling(List<String> values) {
    return isNumeric() && values.size() > 2
        ? List.of(
            Collections.min(values, Comparator.comparing(BigDecimal::new)),
            Collections.max(values, Comparator.comparing(BigDecimal::new)))
        : values;
  }

  /** Its values, each in its one spelling. */
  Domain<String> spelling() {
    return spelling(setting().domain());
  }

  private static <T> Domain<String> spelling(Domain<T> domain) {
    return new Domain<>(
        domain.requirement(),
        Domain.format(domain.example()),
        raw -> domain.read(raw).map(Domain::format),
        domain.readsLists());
  }

  /**
   * The one spelling of a value: {@code 0.95} for 0.950, {@code 3}, {@code one-shot}.
   *
   * @param value a number, a constant, or a text that spells one
   * @throws IllegalArgumentException if the dimension has no such value
   */
  public String spell(Object value) {
    return spelling()
        .read(Domain.format(value))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    key + " = " + value + ": must be " + setting().domain().requirement()));
  }

  /** Whether it combines with whatever other settings are. */
  boolean isFree() {
    return setting().isFree();
  }

  /** A student's value of this, as {@link #spell} spells it. */
  String of(StudentSpec student) {
    return String.valueOf(setting().spelled(student));
  }

  /** A student with another value of this, as {@link #spell} spells it. */
  StudentSpec with(StudentSpec student, String value) {
    return setting().with(student, value);
  }

  @Override
  public int compareTo(Dimension other) {
    return Integer.compare(ORDER.indexOf(key), ORDER.indexOf(other.key));
  }

  @Override
  public String toString() {
    return key;
  }
}
