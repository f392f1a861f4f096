package dev.pare.candidate;

import static dev.pare.candidate.Checks.between;
import static dev.pare.candidate.Checks.positive;

import java.io.Serializable;

/**
 * How many validation examples an attack on a file finds no wrong answer for.
 *
 * @param radius how far a feature was moved at most, in units of the inputs: the range of an
 *     image's values, or a feature's standard deviation; above 0, at most 1
 * @param examples how many were tried, with those that are answered wrongly without an attack
 * @param correct how many withstood it
 */
public record Robustness(double radius, int examples, int correct) implements Serializable {
  public Robustness {
    positive("robust-radius", radius);
    between("robust-radius", radius, 0, 1);
    if (examples < 1 || correct < 0 || correct > examples) {
      throw new IllegalArgumentException(
          correct + " examples of " + examples + " withstood an attack");
    }
  }

  /** How many are answered wrongly somewhere within the radius, as far as the attack finds. */
  public int broken() {
    return examples - correct;
  }

  /** Their share. */
  public double error() {
    return (double) broken() / examples;
  }
}
