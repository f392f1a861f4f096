package dev.pare.data;

/** Examples whose features are unsigned bytes, kept as such: a quarter of the memory of floats. */
public final class ByteExamples extends LabelledExamples {
  private final byte[] values;

  /**
   * Keeps the arrays, which the caller must not write to again.
   *
   * @param values {@code [examples × features]}
   */
  public ByteExamples(byte[] values, int features, int[] labels, int classes) {
    super(features, labels, classes);
    this.values = values;
    checkValues(values.length);
  }

  @Override
  public long bytes() {
    return values.length + (long) size() * Integer.BYTES;
  }

  @Override
  public void copyFeatures(int index, float[] target, int offset) {
    byte[] from = values;
    int length = features();
    int start = index * length;
    for (int i = 0; i < length; i++) {
      target[offset + i] = from[start + i] & 0xFF;
    }
  }

  @Override
  public boolean areBytes() {
    return true;
  }

  @Override
  public void copyBytes(int index, byte[] target, int offset) {
    System.arraycopy(values, index * features(), target, offset, features());
  }
}
