package dev.pare.search;

import dev.pare.candidate.Outcome;
import java.util.List;
import java.util.Set;

/** From the last point to the first, one after the other. */
public final class ToyStrategy implements SearchStrategy {
  @Override
  public String name() {
    return "toy";
  }

  @Override
  public Set<Parameter> parameters() {
    return Set.of();
  }

  @Override
  public boolean learns() {
    return true;
  }

  @Override
  public Search start(SearchSpace space, SearchSettings settings, SearchCosts costs, long seed) {
    return new Search() {
      private long left = space.size();
      private boolean waits;

      @Override
      public List<SearchPoint> ask(int most) {
        if (waits || left == 0) {
          return List.of();
        }
        waits = true;
        return List.of(space.point(--left));
      }

      @Override
      public void tell(SearchPoint point, Outcome outcome) {
        waits = false;
      }
    };
  }
}
