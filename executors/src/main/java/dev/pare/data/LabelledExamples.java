package dev.pare.data;

import static java.util.Objects.requireNonNull;

/** What examples are beside their features, wherever these are. */
abstract class LabelledExamples implements Examples {
  private final int features;
  private final int[] labels;
  private final int classes;

  /** Keeps the labels, which the caller must not write to again. */
  LabelledExamples(int features, int[] labels, int classes) {
    this.features = features;
    this.labels = requireNonNull(labels, "labels is null");
    this.classes = classes;
  }

  /** Makes sure that there are as many values as examples have together. */
  final void checkValues(long values) {
    if (values != (long) labels.length * features) {
      throw new IllegalArgumentException(
          values + " values for " + labels.length + " examples of " + features);
    }
  }

  @Override
  public final int size() {
    return labels.length;
  }

  @Override
  public final int features() {
    return features;
  }

  @Override
  public final int classes() {
    return classes;
  }

  @Override
  public final int label(int index) {
    return labels[index];
  }
}
