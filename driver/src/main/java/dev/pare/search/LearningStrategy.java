package dev.pare.search;

import java.util.Set;
import java.util.SplittableRandom;

/** A strategy whose search is a {@link LearningSearch}. */
final class LearningStrategy implements SearchStrategy {
  private final String name;
  private final Start start;

  /** The search itself, from its beginning. */
  @FunctionalInterface
  interface Start {
    LearningSearch of(
        SearchSpace space, SearchSettings settings, SearchCosts costs, SplittableRandom random);
  }

  LearningStrategy(String name, Start start) {
    this.name = name;
    this.start = start;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<Parameter> parameters() {
    return Set.of(Parameter.CANDIDATES, Parameter.POPULATION, Parameter.MAX_LOSS);
  }

  @Override
  public boolean learns() {
    return true;
  }

  @Override
  public Search start(SearchSpace space, SearchSettings settings, SearchCosts costs, long seed) {
    return start.of(space, settings, costs, new SplittableRandom(seed));
  }
}
