package dev.pare.examine;

import dev.pare.data.Examples;
import dev.pare.data.ExamplesView;

/** Examples with other features. */
final class ChangedExamples extends ExamplesView {
  private final float[] values;

  /**
   * @param values {@code [example × features]}, kept
   */
  ChangedExamples(Examples base, float[] values) {
    super(base);
    this.values = values;
  }

  /** All features of examples, one after the other. */
  static float[] features(Examples examples) {
    float[] values = new float[Math.multiplyExact(examples.size(), examples.features())];
    for (int i = 0; i < examples.size(); i++) {
      examples.copyFeatures(i, values, i * examples.features());
    }
    return values;
  }

  @Override
  public boolean areBytes() {
    return false;
  }

  @Override
  public void copyFeatures(int index, float[] target, int offset) {
    System.arraycopy(values, index * features(), target, offset, features());
  }
}
