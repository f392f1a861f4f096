package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

/**
 * Writes the student as a .pare file, in the fewest bytes: hidden units that change nothing are
 * left out, the others put into the order that codes best.
 *
 * @param precision how exactly all but the weights' codes is kept
 */
public record Encode(Precision precision) implements StageSettings {
  public Encode {
    requireNonNull(precision, "precision is null");
  }

  @Override
  public Kind kind() {
    return Kind.ENCODE;
  }

  /**
   * How exactly biases, codebooks and scales are kept. Batch normalization's parameters stay as
   * they are.
   */
  public enum Precision {
    /** As they were trained. */
    FLOAT32,
    /** In IEEE 754 half precision, two bytes each. */
    FLOAT16,
    /**
     * Codebooks and scales in half precision, biases in 255 even steps a layer, about a byte each.
     */
    UNIFORM8
  }
}
