package dev.pare.search;

import dev.pare.candidate.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** A search that learns nothing: the points of numbers that come one after the other. */
final class NumberedSearch implements Search {
  private final SearchSpace space;
  private final Supplier<OptionalLong> numbers;

  /**
   * @param numbers of points, none twice, until there are no more
   */
  NumberedSearch(SearchSpace space, Supplier<OptionalLong> numbers) {
    this.space = space;
    this.numbers = numbers;
  }

  @Override
  public List<SearchPoint> ask(int most) {
    List<SearchPoint> points = new ArrayList<>();
    while (points.size() < most) {
      OptionalLong number = numbers.get();
      if (number.isEmpty()) {
        break;
      }
      points.add(space.point(number.getAsLong()));
    }
    return points;
  }

  @Override
  public void tell(SearchPoint point, Outcome outcome) {}
}
