package dev.pare.examine;

import java.util.List;

/**
 * How much is examined.
 *
 * @param seed of samples and of all that is random
 * @param sample examples that are corrupted, and whose losses are compared with training examples',
 *     at most
 * @param attacked examples that are attacked, and as many of the validation examples that are
 *     explained, at most
 * @param radii of attacks, in units of the inputs: the range of an image's values, or a feature's
 *     standard deviation
 */
public record ExaminationSettings(long seed, int sample, int attacked, List<Double> radii) {
  public ExaminationSettings {
    if (sample < 1) {
      throw new IllegalArgumentException("--sample " + sample + ": must be at least 1");
    }
    if (attacked < 1) {
      throw new IllegalArgumentException("--attacked " + attacked + ": must be at least 1");
    }
    radii = List.copyOf(radii);
    for (double radius : radii) {
      if (!(radius > 0 && radius <= 1)) {
        throw new IllegalArgumentException(
            "--radius " + radius + ": must be above 0, and at most 1");
      }
    }
  }
}
