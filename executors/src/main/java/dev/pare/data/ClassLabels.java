package dev.pare.data;

import java.math.BigDecimal;

/** What labels may be, and how many classes they are of. */
final class ClassLabels {
  /** The most classes there may be. */
  static final int MOST = 65_536;

  private final boolean known;
  private final int below;

  private ClassLabels(boolean known, int below) {
    this.known = known;
    this.below = below;
  }

  /** Labels that say by themselves how many classes there are. */
  static ClassLabels ofTraining() {
    return new ClassLabels(false, MOST);
  }

  /** Labels of as many classes as the training data have. */
  static ClassLabels within(int classes) {
    return new ClassLabels(true, classes);
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
      String reason = known ? " as in the training data" : ", the most classes there may be";
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
