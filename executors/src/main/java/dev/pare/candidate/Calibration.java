package dev.pare.candidate;

import static dev.pare.candidate.Checks.atLeast;
import static dev.pare.candidate.Checks.between;

import java.io.Serializable;

/**
 * What saliencies that ask the training data go by.
 *
 * @param examples how many training examples they ask, drawn by the stage's seed; all if there are
 *     fewer
 * @param block how many weights side by side have their interactions counted by {@link
 *     Prune.Saliency#SURGEON} and {@link Prune.Saliency#RECONSTRUCTION}
 * @param damping what these two add to the diagonal of their matrices, in units of its mean
 */
public record Calibration(int examples, int block, double damping) implements Serializable {
  /** What is used unless something else is asked for. */
  public static final Calibration USUAL = new Calibration(1024, 64, 0.01);

  /** Where no data are asked. */
  public static final Calibration NONE = new Calibration(1, 1, 1);

  private static final int LARGEST_BLOCK = 512;

  public Calibration {
    atLeast("calibration", examples, 1);
    if (block < 1 || block > LARGEST_BLOCK) {
      throw new IllegalArgumentException("block = " + block + ": must be 1 to " + LARGEST_BLOCK);
    }
    between("damping", damping, Double.MIN_NORMAL, Double.MAX_VALUE);
  }
}
