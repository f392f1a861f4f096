package dev.pare.data;

/** Examples whose features are unsigned bytes, kept as such: a quarter of the memory of floats. */
public final class ByteExamples implements Examples {
  private final byte[] values;
  private final int features;
  private final int[] labels;
  private final int classes;

  /**
   * Keeps the arrays, which the caller must not write to again.
   *
   * @param values {@code [examples × features]}
   */
  public ByteExamples(byte[] values, int features, int[] labels, int classes) {
    if (values.length != (long) labels.length * features) {
      throw new IllegalArgumentException(
          values.length + " values for " + labels.length + " examples of " + features);
    }
    this.values = values;
    this.features = features;
    this.labels = labels;
    this.classes = classes;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public long bytes() {
    return values.length + (long) labels.length * Integer.BYTES;
  }

  @Override
  public void copyFeatures(int index, float[] target, int offset) {
    byte[] from = values;
    int length = features;
    int start = index * length;
    for (int i = 0; i < length; i++) {
      target[offset + i] = from[start + i] & 0xFF;
    }
  }
}
