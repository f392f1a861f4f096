package dev.pare.run;

import dev.pare.candidate.Correctness;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;

/** What a report says of single examples, against the score that it says they give. */
final class RightExamples {
  private static final double ROUNDING = 1e-9;

  private RightExamples() {}

  /**
   * Whether the examples that are right give the score, where that is the error. By them estimates
   * are corrected for the choice, also by those of files that are not chosen.
   */
  static boolean agree(Measurement measurement, Metric metric) {
    Correctness right = measurement.validation();
    if (right == null || !metric.equals(Metric.ERROR)) {
      return true;
    }
    double error = 1 - (double) right.correct() / right.examples();
    return Math.abs(measurement.score().value() - error) < ROUNDING;
  }
}
