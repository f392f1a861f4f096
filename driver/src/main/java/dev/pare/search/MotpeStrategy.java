package dev.pare.search;

import java.util.Set;
import java.util.SplittableRandom;

/**
 * The multi-objective tree-structured Parzen estimator (Ozaki, Tanigaki, Watanabe and Onishi 2020)
 * of small files against good networks.
 */
final class MotpeStrategy implements SearchStrategy {
  @Override
  public String name() {
    return "motpe";
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
    return new MotpeSearch(space, settings, costs, new SplittableRandom(seed));
  }
}
