package dev.pare.search;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Points that are spread evenly: Halton's sequence (1960), the digits of each axis permuted at
 * random (Braaten and Weller 1979), since without that axes of large primes go hand in hand. Points
 * that come again are passed over; when hardly any new one comes, the rest is drawn at random.
 */
final class HaltonNumbers {
  /** So many in a row that were there before, and no new one is looked for. */
  private static final int MOST_REPEATED = 1000;

  /** Base 2 has nothing to permute: where the sequence starts tells seeds apart, too. */
  private static final int LAST_START = 1 << 20;

  private final SearchSpace space;
  private final HaltonSequence sequence;
  private final RandomOrder rest;
  private final Set<Long> given = new HashSet<>();
  private boolean isRandom;

  HaltonNumbers(SearchSpace space, SplittableRandom random) {
    this.space = space;
    this.sequence = new HaltonSequence(space.axes().size(), random.nextInt(LAST_START), random);
    this.rest = new RandomOrder(space.size(), random);
  }

  /** The number of the next point, each once; none after the last one. */
  OptionalLong next() {
    for (int repeated = 0; !isRandom && repeated < MOST_REPEATED; repeated++) {
      double[] place = sequence.next();
      int[] positions = new int[place.length];
      for (int i = 0; i < positions.length; i++) {
        positions[i] = (int) (place[i] * space.axes().get(i).values().size());
      }
      long number = space.number(positions);
      if (given.add(number)) {
        return OptionalLong.of(number);
      }
    }
    isRandom = true;
    OptionalLong number = rest.next();
    while (number.isPresent() && given.contains(number.getAsLong())) {
      number = rest.next();
    }
    return number;
  }
}
