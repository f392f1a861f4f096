package dev.pare.data;

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
  int check(double label, SourceFile file, long offset, String place) {
    int whole = (int) label;
    if (whole != label || whole < 0) {
      String text = label == (long) label ? Long.toString((long) label) : Double.toString(label);
      throw file.malformed(offset, place + "label " + text + ": must be an integer from 0");
    }
    if (whole >= below) {
      String reason = known ? " as in the training data" : ", the most classes there may be";
      throw file.malformed(offset, place + "label " + whole + ": must be below " + below + reason);
    }
    return whole;
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
