package dev.pare.search;

import java.util.Set;
import java.util.SplittableRandom;

/** NSGA-II (Deb, Pratap, Agarwal and Meyarivan 2002) of small files against good networks. */
final class Nsga2Strategy implements SearchStrategy {
  @Override
  public String name() {
    return "nsga-ii";
  }

  @Override
  public Set<Parameter> parameters() {
    return Set.of(Parameter.CANDIDATES, Parameter.POPULATION);
  }

  @Override
  public boolean learns() {
    return true;
  }

  @Override
  public Search start(SearchSpace space, SearchSettings settings, SearchCosts costs, long seed) {
    return new Nsga2Search(space, settings.atOnce(), new SplittableRandom(seed));
  }
}
