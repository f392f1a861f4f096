package dev.pare.search;

import dev.pare.candidate.Outcome;
import java.util.List;

/**
 * One search of a space, which goes on while points are tried. It is asked until it returns no
 * point, is told the outcome of the first point that it has not been told of, and is asked again.
 * Points are tried at once as far as there is room; what it returns must depend on nothing but what
 * it was started with, asked and told. Used by one thread.
 */
public interface Search {
  /**
   * The next points to try. None, if it waits for the outcome of a point that it asked for; if
   * there is no such point, it has ended.
   *
   * @param most how many it may ask for, at least 1; more may follow at once
   * @return points of the space that it never asked for before
   */
  List<SearchPoint> ask(int most);

  /**
   * What came of a point, in the order of asking, whatever ended first. Two points may come to the
   * same candidate, and have one outcome then. Of strategies that do not {@linkplain
   * SearchStrategy#learns learn} it is not called.
   */
  void tell(SearchPoint point, Outcome outcome);
}
