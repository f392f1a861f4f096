package dev.pare.search;

import java.util.Set;

/**
 * A way to choose what to try. One is a class and a line in {@link SearchStrategies}, or for those
 * of others in {@code META-INF/services/dev.pare.search.SearchStrategy}.
 */
public interface SearchStrategy {
  /** Settings that not every strategy goes by. */
  enum Parameter {
    /** {@link SearchSettings#candidates()}: it would not end by itself before all was tried. */
    CANDIDATES,
    /** {@link SearchSettings#population()}. */
    POPULATION,
    /** {@link SearchSettings#maxLoss()}. */
    MAX_LOSS
  }

  /** How {@code search.strategy} names it: lower-case words between hyphens. */
  String name();

  /** The settings that it goes by. */
  Set<Parameter> parameters();

  /** Whether outcomes change what it asks for; all that it asks for is known beforehand if not. */
  boolean learns();

  /**
   * A search from its beginning.
   *
   * @param costs what points take; goes by the points asked for until then
   * @param seed of all that is random
   */
  Search start(SearchSpace space, SearchSettings settings, SearchCosts costs, long seed);
}
