package dev.pare.candidate;

import static dev.pare.candidate.Checks.between;
import static java.util.Objects.requireNonNull;

/**
 * Exchanges the ReLU of every hidden layer for an activation that leaves fewer numbers, and trains
 * the student with it.
 *
 * @param rule which numbers are left
 * @param threshold θ of {@link Rule#THRESHOLD}, at least 0
 * @param topKShare the share of a layer's numbers that {@link Rule#TOP_K} leaves of an example,
 *     above 0 and at most 1; rounded to a count, at least one
 * @param training how the student trains with it
 */
public record Activate(
    Rule rule, double threshold, @KeyName("winners") double topKShare, Training training)
    implements StageSettings {
  public Activate {
    requireNonNull(rule, "rule is null");
    between("threshold", threshold, 0, Float.MAX_VALUE);
    if (!(topKShare > 0 && topKShare <= 1)) {
      throw new IllegalArgumentException(
          "top-k-share = " + topKShare + ": must be above 0 and at most 1");
    }
    requireNonNull(training, "training is null");
  }

  @Override
  public Kind kind() {
    return Kind.ACTIVATE;
  }

  /** Which numbers are left. */
  public enum Rule {
    /** Those that a ReLU leaves: nothing is exchanged. */
    NONE,
    /** Those of at least a threshold (FATReLU, Kurtz et al. 2020). */
    THRESHOLD,
    /**
     * The k largest positive ones of an example, over all units of a dense layer, or all channels
     * and places of another (Makhzani and Frey 2015; Ahmad and Scheinkman 2019).
     */
    @KeyName("WINNERS")
    TOP_K,
    /**
     * Those of at least half a level, which all become that level: one bit each (PACT, Choi et al.
     * 2018, with one bit), trained through the clipped straight-through estimator (Hubara et al.
     * 2016). Each layer has its level, the one that fits best what it said before (Lloyd 1982).
     */
    BINARY
  }
}
