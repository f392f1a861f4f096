package dev.pare.search;

import java.util.Set;
import java.util.SplittableRandom;

/** Points drawn at random, none twice (Bergstra and Bengio 2012). */
final class RandomStrategy implements SearchStrategy {
  @Override
  public String name() {
    return "random";
  }

  @Override
  public Set<Parameter> parameters() {
    return Set.of(Parameter.CANDIDATES);
  }

  @Override
  public boolean learns() {
    return false;
  }

  @Override
  public Search start(SearchSpace space, SearchSettings settings, SearchCosts costs, long seed) {
    RandomOrder order = new RandomOrder(space.size(), new SplittableRandom(seed));
    return new NumberedSearch(space, order::next);
  }
}
