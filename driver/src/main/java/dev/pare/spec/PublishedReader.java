package dev.pare.spec;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The results from elsewhere that a configuration names. */
final class PublishedReader {
  static final String KEY = "published";

  private static final Set<String> NAMES = Set.of("name", "bytes", "value");
  private static final Domain<Long> BYTES =
      new Domain<>(
          "a whole number, at least 1",
          2840L,
          raw -> Domain.longs().read(raw).filter(bytes -> bytes >= 1));

  private final Settings settings;
  private final Metric metric;

  /**
   * @param metric whose values they are
   */
  PublishedReader(Settings settings, Metric metric) {
    this.settings = requireNonNull(settings, "settings is null");
    this.metric = requireNonNull(metric, "metric is null");
  }

  /** Those that are whole; reports the others. */
  List<PublishedResult> read() {
    Domain<Double> values =
        metric.unit().isBlank()
            ? Domain.reals("a number", 1, value -> true)
            : Domain.reals("a number from 0 to 100", 1, value -> value >= 0 && value <= 100);
    List<PublishedResult> results = new ArrayList<>();
    for (Section section :
        settings
            .findSections(
                KEY, "{ name = \"a paper\", bytes = 2840, value = 1.0 }", NAMES, "is no setting")
            .orElse(List.of())) {
      Optional<String> name = section.find("name", Domain.text());
      Optional<Long> bytes = section.find("bytes", BYTES);
      Optional<Double> value = section.find("value", values);
      section.finish();
      if (name.isPresent() && bytes.isPresent() && value.isPresent()) {
        results.add(new PublishedResult(name.get(), bytes.get(), value.get()));
      } else if (!NAMES.stream().allMatch(section::isPresent)) {
        section.reject("must have name, bytes and value");
      }
    }
    return List.copyOf(results);
  }
}
