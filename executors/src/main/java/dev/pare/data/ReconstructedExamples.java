package dev.pare.data;

import dev.pare.candidate.Task;

/** Examples that a network should give back, as it reads them: divided. */
final class ReconstructedExamples extends ExamplesView {
  private final float scale;

  /**
   * @param base whose labels, if there are any, are 0 for what is normal
   * @param divisor of features before the first layer
   */
  ReconstructedExamples(Examples base, float divisor) {
    super(base);
    this.scale = 1 / divisor;
  }

  @Override
  public Task task() {
    return Task.RECONSTRUCTION;
  }

  @Override
  public int outputs() {
    return features();
  }

  @Override
  public void copyTarget(int index, float[] target, int offset) {
    copyFeatures(index, target, offset);
    for (int i = 0; i < features(); i++) {
      target[offset + i] *= scale;
    }
  }
}
