package dev.pare.search;

import java.util.Set;
import java.util.SplittableRandom;

/** Points that are spread evenly, by Halton's sequence. */
final class HaltonStrategy implements SearchStrategy {
  @Override
  public String name() {
    return "halton";
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
    return new NumberedSearch(space, new HaltonNumbers(space, new SplittableRandom(seed))::next);
  }
}
