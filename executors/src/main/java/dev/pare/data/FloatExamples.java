package dev.pare.data;

/** Examples whose features are floats. */
final class FloatExamples extends LabelledExamples {
  private final float[] values;

  /** Keeps the arrays, which the caller must not write to again. */
  FloatExamples(float[] values, int features, int[] labels, int classes) {
    super(features, labels, classes);
    this.values = values;
    checkValues(values.length);
  }

  @Override
  public void copyFeatures(int index, float[] target, int offset) {
    System.arraycopy(values, index * features(), target, offset, features());
  }
}
