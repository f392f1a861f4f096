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
              new LearningStrategy("motpe", MotpeSearch::new),
              new LearningStrategy("gaussian-process", GaussianProcessSearch::new)));

  /**
   * The axis that points have beside those of the space where there are rungs: the share of their
   * epochs.
   */
  public static final String EPOCHS_SHARE = "epochs-share";

  /** The dimension of trainings that differ in their random choices alone. */
  public static final String REPEAT = "repeat";

  private SearchStrategies() {}

  /** All names, Pare's own first. */
  public static List<String> names() {
    return ALL.names();
  }

  /**
   * A search from its beginning; with {@linkplain SearchSettings#rungs rungs} its points have
   * {@link #EPOCHS_SHARE} beside the axes of the space.
   *
   * @param costs what points take that the search asks for, these included
   * @param seed of all that is random
   */
  public static Search start(
      SearchSpace space, SearchSettings settings, SearchCosts costs, long seed) {
    SearchStrategy strategy = of(settings.strategy());
    List<String> rungs = settings.shares();
    if (rungs.isEmpty()) {
      return strategy.start(space, settings, costs, seed);
    }
    SearchCosts first = point -> costs.seconds(SuccessiveHalving.with(point, rungs.get(0)));
    return new SuccessiveHalving(strategy.start(space, settings, first, seed), settings);
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
