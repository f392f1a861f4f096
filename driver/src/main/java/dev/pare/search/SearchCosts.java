package dev.pare.search;

/** What it takes to try points, as far as that can be told before anything has run. */
@FunctionalInterface
public interface SearchCosts {
  /**
   * How long the stages of a point are guessed to take, those left out that points asked for before
   * have, too: what shares the training of another takes little. The guess goes by the network, the
   * data and the settings alone, never by what was measured, so that a search that goes by it asks
   * for the same points on any machine.
   *
   * @return seconds of a task, at least 0; 0 of a point that comes to the same candidate as one
   *     that was asked for before
   */
  double seconds(SearchPoint point);
}
