package dev.pare.pipeline;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Training;
import dev.pare.data.ConstantFeatures;
import dev.pare.data.Examples;
import dev.pare.train.DistillationLoss;
import dev.pare.train.Softmax;

/**
 * What students learn from: examples with the teacher's logits, and the examples that judge them.
 * Shared, read-only.
 */
public final class Lessons {
  private final Examples examples;
  private final int originals;
  private final Examples validation;
  private final float[] logits;
  private final ConstantFeatures constants;

  /**
   * @param examples all variants of the training examples, variant-major
   * @param originals how many examples an epoch has
   * @param logits the teacher's, {@code [examples × classes]}; kept, not copied
   */
  public Lessons(Examples examples, int originals, Examples validation, float[] logits) {
    this.examples = requireNonNull(examples, "examples is null");
    this.originals = originals;
    this.validation = requireNonNull(validation, "validation is null");
    this.logits = requireNonNull(logits, "logits is null");
    if (logits.length != (long) examples.size() * examples.classes()) {
      throw new IllegalArgumentException(
          logits.length + " logits for " + examples.size() + "×" + examples.classes());
    }
    this.constants = ConstantFeatures.of(examples);
  }

  public Examples examples() {
    return examples;
  }

  /** About how much memory they take beside the examples. */
  public long bytes() {
    return (long) logits.length * Float.BYTES;
  }

  public int originals() {
    return originals;
  }

  public Examples validation() {
    return validation;
  }

  /** The features that all variants of the training examples have in common. */
  ConstantFeatures constants() {
    return constants;
  }

  /** The loss that a stage trains with. */
  DistillationLoss loss(Training training) {
    if (training.alpha() == 0) {
      return DistillationLoss.ofLabels(examples, 0);
    }
    float[] softened = new float[logits.length];
    Softmax.rows(logits, examples.size(), examples.classes(), training.temperature(), softened);
    return DistillationLoss.ofTeacher(examples, softened, training.temperature(), training.alpha());
  }
}
