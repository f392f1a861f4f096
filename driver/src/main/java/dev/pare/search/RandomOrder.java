package dev.pare.search;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * The numbers below some bound in a random order, by the shuffle of Fisher and Yates (Durstenfeld
 * 1964), of which only the places are kept that are not as they were at the start: memory grows
 * with what was drawn, not with the bound.
 */
final class RandomOrder {
  private final SplittableRandom random;
  private final long bound;
  private final Map<Long, Long> moved = new HashMap<>();
  private long drawn;

  RandomOrder(long bound, SplittableRandom random) {
    this.bound = bound;
    this.random = random;
  }

  /** The next number, each once; none after the last one. */
  OptionalLong next() {
    if (drawn == bound) {
      return OptionalLong.empty();
    }
    long place = random.nextLong(drawn, bound);
    Long first = moved.remove(drawn);
    long own = first == null ? drawn : first;
    long number = own;
    if (place != drawn) {
      Long there = moved.put(place, own);
      number = there == null ? place : there;
    }
    drawn++;
    return OptionalLong.of(number);
  }
}
