package dev.pare.task;

import dev.pare.candidate.Augmentation;
import dev.pare.data.ExampleShape;
import dev.pare.data.Examples;
import dev.pare.data.ShiftedExamples;
import dev.pare.data.TrainingData;

/** The training examples with their shifted variants. */
public final class AugmentedExamples {
  private AugmentedExamples() {}

  /** All variants of the training examples, variant-major, the originals first. */
  public static Examples of(TrainingData data, Augmentation augmentation, long seed) {
    if (augmentation.shift() == 0) {
      return data.train();
    }
    ExampleShape shape = data.shape();
    return new ShiftedExamples(
        data.train(),
        shape.channels(),
        shape.height(),
        shape.width(),
        augmentation.shift(),
        augmentation.variants(),
        seed);
  }
}
