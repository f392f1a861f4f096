package dev.pare.candidate;

import static dev.pare.candidate.Checks.atLeast;

import java.io.Serializable;

/**
 * Shifted variants of the training images, the same ones for the teacher and every student, so that
 * the teacher's outputs on them are computed once.
 *
 * @param shift most pixels in each direction; 0 for none
 * @param variants shifted variants beside each original; without effect where {@code shift} is 0
 */
public record Augmentation(int shift, int variants) implements Serializable {
  // Augmentations that do the same must be equal, since keys are of them.
  private static final int VARIANTS_OF_NONE = 4;

  public Augmentation {
    atLeast("shift", shift, 0);
    atLeast("variants", variants, 1);
    if (shift == 0) {
      variants = VARIANTS_OF_NONE;
    }
  }

  /** How many examples there are for each original, itself included. */
  public int copies() {
    return shift == 0 ? 1 : 1 + variants;
  }
}
