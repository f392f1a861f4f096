package dev.pare.search;

import java.util.Set;
import java.util.SplittableRandom;

/** Expected improvement of the hypervolume by Gaussian processes of bytes and quality. */
final class GaussianProcessStrategy implements SearchStrategy {
  @Override
  public String name() {
    return "gaussian-process";
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
    return new GaussianProcessSearch(space, settings, costs, new SplittableRandom(seed));
  }
}
