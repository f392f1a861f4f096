package dev.pare.search;

import dev.pare.candidate.Registry;
import java.util.List;

/** The strategies there are. */
public final class SearchStrategies {
  private static final Registry<SearchStrategy> ALL =
      Registry.of(
          "search.strategy",
          SearchStrategy.class,
          SearchStrategy::name,
          List.of(
              new GridStrategy(),
              new RandomStrategy(),
              new HaltonStrategy(),
              new Nsga2Strategy(),
              new MotpeStrategy()));

  private SearchStrategies() {}

  /** All names, Pare's own first. */
  public static List<String> names() {
    return ALL.names();
  }

  /**
   * The strategy of a name.
   *
   * @throws IllegalArgumentException naming those that there are, if there is none
   */
  public static SearchStrategy of(SearchSettings.Strategy name) {
    return ALL.of(name.name());
  }
}
