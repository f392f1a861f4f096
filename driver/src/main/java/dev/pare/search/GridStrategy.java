package dev.pare.search;

import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.stream.LongStream;

/** Every point, in the order of their numbers. */
final class GridStrategy implements SearchStrategy {
  @Override
  public String name() {
    return "grid";
  }

  @Override
  public Set<Parameter> parameters() {
    return Set.of();
  }

  @Override
  public boolean learns() {
    return false;
  }

  @Override
  public Search start(SearchSpace space, SearchSettings settings, SearchCosts costs, long seed) {
    PrimitiveIterator.OfLong numbers = LongStream.range(0, space.size()).iterator();
    return new NumberedSearch(
        space,
        () -> numbers.hasNext() ? OptionalLong.of(numbers.nextLong()) : OptionalLong.empty());
  }
}
