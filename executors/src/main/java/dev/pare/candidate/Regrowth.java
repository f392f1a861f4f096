package dev.pare.candidate;

import static dev.pare.candidate.Checks.atLeast;
import static dev.pare.candidate.Checks.between;

import java.io.Serializable;

/**
 * How often and how many weights change places in training at fixed density.
 *
 * @param interval training steps from one change to the next
 * @param share of each layer's weights that is dropped in the first change; later ones drop less,
 *     along half a cosine wave to none
 */
public record Regrowth(int interval, double share) implements Serializable {
  /** What is used unless something else is asked for. */
  public static final Regrowth USUAL = new Regrowth(100, 0.3);

  /** Where no weight changes its place. */
  public static final Regrowth NONE = new Regrowth(1, 0);

  public Regrowth {
    atLeast("update-interval", interval, 1);
    between("update-share", share, 0, 1);
  }
}
