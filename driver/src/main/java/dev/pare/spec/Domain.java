package dev.pare.spec;

import dev.pare.candidate.Quantize;
import dev.pare.candidate.Registered;
import dev.pare.candidate.Spelling;
import dev.pare.candidate.Training;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The values a key may take.
 *
 * @param requirement what they are, to follow "must be"
 * @param example one of them; stands in for a bad value so that reading can go on
 * @param reading from what HOCON holds (a number, text or boolean) to a value, if it is one
 * @param readsLists whether {@code reading} knows what to make of a list of these
 */
record Domain<T>(
    String requirement, T example, Function<Object, Optional<T>> reading, boolean readsLists) {
  /** Of what HOCON holds in one place. */
  Domain(String requirement, T example, Function<Object, Optional<T>> reading) {
    this(requirement, example, reading, false);
  }

  /** The same, also read from a list of the parts that a text has between separators. */
  Domain<T> orList(String separator) {
    return new Domain<>(
        requirement,
        example,
        raw ->
            reading.apply(
                raw instanceof List<?> parts
                    ? parts.stream().map(String::valueOf).collect(Collectors.joining(separator))
                    : raw),
        true);
  }

  /**
   * Lists of these, as {@code [0.9, 0.5]} or {@code "0.9/0.5"}.
   *
   * @param requirement what the lists are, to follow "must be"
   */
  Domain<List<T>> listed(String requirement, List<T> example) {
    return new Domain<List<T>>(
            requirement,
            example,
            raw -> {
              List<Optional<T>> parts =
                  Arrays.stream(raw.toString().split(SEPARATOR, -1))
                      .map(part -> read(part.trim()))
                      .toList();
              return parts.stream().allMatch(Optional::isPresent)
                  ? Optional.of(parts.stream().map(Optional::get).toList())
                  : Optional.empty();
            })
        .orList(SEPARATOR);
  }

  /** The value of a text in the one spelling that has one. */
  T of(String text) {
    return read(text)
        .orElseThrow(() -> new IllegalArgumentException(text + ": must be " + requirement));
  }

  /** Between numbers that are one value. */
  private static final String SEPARATOR = "/";

  /** A number's time grows with the square of its digits; none that is good has so many. */
  private static final int MOST_DIGITS = 1000;

  static Domain<Integer> integers(int least, int most) {
    String range = most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
    return integers("a whole number, " + range, least, n -> n >= least && n <= most);
  }

  static Domain<Integer> integers(String requirement, int example, Predicate<Integer> allowed) {
    return new Domain<>(
        requirement,
        example,
        raw -> number(raw).flatMap(n -> exact(n, BigDecimal::intValueExact)).filter(allowed));
  }

  /** Bits a weight. */
  static Domain<Integer> bits() {
    return integers(
        "1 to 8, or 32 for float", 8, n -> (n >= 1 && n <= 8) || n == Quantize.FLOAT_BITS);
  }

  /** Bits of an activation. */
  static Domain<Integer> activationBits() {
    return integers("one of 8, 32", 8, n -> n == Quantize.INTEGER_BITS || n == Quantize.FLOAT_BITS);
  }

  /** Weights that share a scale. */
  static Domain<Integer> group() {
    return integers(2, Integer.MAX_VALUE);
  }

  /** Weights of a word. */
  static Domain<Integer> vectorDimension() {
    return integers(2, Quantize.MOST_VECTOR_DIMENSION);
  }

  static Domain<Long> longs() {
    return new Domain<>(
        "a whole number of 64 bits",
        0L,
        raw -> number(raw).flatMap(n -> exact(n, BigDecimal::longValueExact)));
  }

  static Domain<Double> reals(String requirement, double example, Predicate<Double> allowed) {
    return new Domain<>(
        requirement,
        example,
        raw -> number(raw).map(BigDecimal::doubleValue).filter(Double::isFinite).filter(allowed));
  }

  /** What floats hold. */
  static Domain<Float> floats() {
    return new Domain<>(
        "a number",
        0f,
        raw -> number(raw).map(BigDecimal::floatValue).filter(value -> Float.isFinite(value)));
  }

  /** Zero to one, both left out. */
  static Domain<Double> betweenNothingAndAll() {
    return reals("a number above 0 and below 1", 0.5, x -> x > 0 && x < 1);
  }

  /** Zero and what floats hold above it. */
  static Domain<Double> notNegative() {
    return reals("a number, at least 0", 0, x -> x >= 0 && x <= Float.MAX_VALUE);
  }

  /** What floats hold above zero. */
  static Domain<Double> positive() {
    return reals("a number above 0", 1, x -> x.floatValue() > 0 && x <= Float.MAX_VALUE);
  }

  /** The factor of a penalty. */
  static Domain<Double> penalty() {
    return realsWithin(0, Training.MOST_PENALTY);
  }

  /** Of softened distributions. */
  static Domain<Double> temperature() {
    return realsWithin(1, Training.MOST_TEMPERATURE);
  }

  private static Domain<Double> realsWithin(int least, int most) {
    return reals("a number from " + least + " to " + most, least, x -> x >= least && x <= most);
  }

  /** Zero to one, both included. */
  static Domain<Double> share() {
    return reals("a number from 0 to 1", 0, x -> x >= 0 && x <= 1);
  }

  /** Zero to one, zero left out. */
  static Domain<Double> shareAboveNothing() {
    return reals("a number above 0, at most 1", 1, x -> x > 0 && x <= 1);
  }

  /** Zero to one, one left out. */
  static Domain<Double> properShare() {
    return reals("a number, at least 0 and below 1", 0, x -> x >= 0 && x < 1);
  }

  static <E extends Enum<E>> Domain<E> oneOf(Class<E> type) {
    E[] constants = type.getEnumConstants();
    String names = Arrays.stream(constants).map(Domain::format).collect(Collectors.joining(", "));
    return new Domain<>(
        constants.length == 1 ? names : "one of " + names,
        constants[0],
        raw -> Arrays.stream(constants).filter(c -> format(c).equals(raw)).findFirst());
  }

  /**
   * What a registry has.
   *
   * @param names of it, the first one an example
   */
  static <T extends Registered> Domain<T> oneOf(List<String> names, Function<String, T> ofName) {
    return new Domain<>(
        "one of " + String.join(", ", names),
        ofName.apply(names.get(0)),
        raw -> Optional.of(raw.toString()).filter(names::contains).map(ofName));
  }

  static Domain<String> text() {
    return text("text");
  }

  /** Where a file or folder is. */
  static Domain<String> path() {
    return text("a path");
  }

  private static Domain<String> text(String requirement) {
    return new Domain<>(
        requirement, "x", raw -> Optional.of(raw.toString()).filter(text -> !text.isBlank()));
  }

  static Domain<Boolean> flag() {
    return new Domain<>(
        "true or false",
        false,
        raw ->
            switch (raw.toString()) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            });
  }

  /** The value, if {@code raw} is one. */
  Optional<T> read(Object raw) {
    return reading.apply(raw);
  }

  /**
   * One spelling for a value: numbers without needless digits, constants in kebab-case. What it
   * spells, {@link #read} reads.
   */
  static String format(Object value) {
    if (value instanceof Enum<?> constant) {
      return Spelling.of(constant);
    }
    if (value instanceof Registered one) {
      return one.name();
    }
    if (value instanceof Number number) {
      BigDecimal plain = new BigDecimal(number.toString());
      return plain.signum() == 0 ? "0" : plain.stripTrailingZeros().toPlainString();
    }
    if (value instanceof List<?> parts) {
      return parts.stream().map(Domain::format).collect(Collectors.joining(SEPARATOR));
    }
    return value.toString();
  }

  private static Optional<BigDecimal> number(Object raw) {
    if (!(raw instanceof Number) && !(raw instanceof String)) {
      return Optional.empty();
    }
    String digits = raw.toString();
    if (digits.length() > MOST_DIGITS) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BigDecimal(digits));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static <T> Optional<T> exact(BigDecimal number, Function<BigDecimal, T> conversion) {
    try {
      return Optional.of(conversion.apply(number));
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }
}
