package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The values of dimensions that a configuration gives as a range. */
final class RangeReader {
  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String SCALE = "scale";
  private static final String LEVELS = "levels";
  private static final Set<String> KEYS = new LinkedHashSet<>(List.of(FROM, TO, SCALE, LEVELS));

  private static final int USUAL_LEVELS = 32;

  /** Every level of every dimension is kept, and looked at by those strategies that learn. */
  private static final int MOST_LEVELS = 1000;

  private final Settings settings;

  RangeReader(Settings settings) {
    this.settings = requireNonNull(settings, "settings is null");
  }

  /**
   * The values of a range, if there is one and it is a good one.
   *
   * @param dimension of numbers
   */
  Optional<List<String>> read(String key, Dimension dimension) {
    return settings.findSection(key, KEYS).flatMap(section -> read(section, dimension));
  }

  private static Optional<List<String>> read(Section section, Dimension dimension) {
    Optional<Double> from = section.find(FROM, dimension.spelling()).map(Double::valueOf);
    Optional<Double> to = section.find(TO, dimension.spelling()).map(Double::valueOf);
    Range.Scale scale =
        section.find(SCALE, Domain.oneOf(Range.Scale.class)).orElse(Range.Scale.LINEAR);
    int levels = section.find(LEVELS, Domain.integers(2, MOST_LEVELS)).orElse(USUAL_LEVELS);
    section.finish();
    if (!section.isPresent(FROM) || !section.isPresent(TO)) {
      section.reject("needs from and to, its least and its greatest value");
    }
    if (from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    if (!reaches(section, FROM, from.get(), scale) || !reaches(section, TO, to.get(), scale)) {
      return Optional.empty();
    }
    if (from.get() >= to.get()) {
      section.reject(TO, "must be more than from = " + Domain.format(from.get()));
      return Optional.empty();
    }
    Range range = new Range(from.get(), to.get(), scale, levels);
    return spelled(section, dimension, dimension.isWhole() ? range.integers() : range.reals());
  }

  private static boolean reaches(Section section, String name, double number, Range.Scale scale) {
    if (Double.isFinite(scale.place(number))) {
      return true;
    }
    section.reject(
        name,
        scale == Range.Scale.LOG
            ? "must be above 0 where scale = log"
            : "must be above 0 and below 1 where scale = logit");
    return false;
  }

  private static Optional<List<String>> spelled(
      Section section, Dimension dimension, List<BigDecimal> numbers) {
    Set<String> values = new LinkedHashSet<>();
    for (BigDecimal number : numbers) {
      Optional<String> value = dimension.spelling().read(number.toPlainString());
      if (value.isEmpty()) {
        section.reject(
            "comes to %s: must be %s"
                .formatted(number.toPlainString(), dimension.spelling().requirement()));
        return Optional.empty();
      }
      values.add(value.get());
    }
    return Optional.of(List.copyOf(values));
  }
}
