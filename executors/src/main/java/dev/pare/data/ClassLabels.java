package dev.pare.data;

import java.math.BigDecimal;

/** What labels may be, and how many classes they are of. */
final class ClassLabels {
  /** The most classes there may be. */
  static final int MOST = 65_536;

  private final boolean known;
  private final int below;

  /** Why labels must be below it. */
  private final String reason;

  private ClassLabels(boolean known, int below, String reason) {
    this.known = known;
    this.below = below;
    this.reason = reason;
  }

  /** Labels that say by themselves how many classes there are. */
  static ClassLabels ofTraining() {
    return new ClassLabels(false, MOST, ", the most classes there may be");
  }

  /** Labels of as many classes as the training data have. */
  static ClassLabels within(int classes) {
    return new ClassLabels(true, classes, " as in the training data");
  }

  /** Labels of which 0 is what is normal and 1 what is not. */
  static ClassLabels ofAnomalies() {
    return new ClassLabels(true, 2, ": 0 is normal, 1 is not");
  }

  /** No labels: all are 0. */
  static ClassLabels none() {
    return new ClassLabels(true, 1, ", as there are no classes");
  }

  /**
   * Returns the label if it is one.
   *
   * @param place where in the file it is, for messages, beside its {@code offset}
   */
  int check(BigDecimal label, SourceFile file, long offset, String place) {
    BigDecimal stripped = label.stripTrailingZeros();
    if (stripped.scale() > 0 || stripped.signum() < 0) {
      throw file.malformed(offset, place + "label " + label + ": must be an integer from 0");
    }
    if (stripped.compareTo(BigDecimal.valueOf(below)) >= 0) {
      throw file.malformed(offset, place + "label " + label + ": must be below " + below + reason);
    }
    return stripped.intValueExact();
  }

  /** How many classes there are, given all labels of the file. */
  int classes(int[] labels) {
    if (known) {
      return below;
    }
    int largest = 0;
    for (int label : labels) {
      largest = Math.max(largest, label);
    }
    return largest + 1;
  }
}
